// Reading multipart/form-data, the form in which bots upload files. Own code because senders differ: grammY leaves file names unquoted.

export type Upload = { readonly name: string; readonly mime: string; readonly bytes: Buffer }

export type Form = { readonly fields: Readonly<Record<string, string>>; readonly files: ReadonlyMap<string, Upload> }

/** Returns the fields and files of a body, or undefined when it is not well-formed. */
export function parseMultipart(body: Buffer, contentType: string): Form | undefined {
  const boundary = /;\s*boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType)
  const name = boundary?.[1] ?? boundary?.[2]
  if (name === undefined) return undefined

  const fields: Record<string, string> = {}
  const files = new Map<string, Upload>()
  const delimiter = Buffer.from(`\r\n--${name}`)
  // A first line break stands in front so that the opening delimiter looks like all others.
  const bytes = Buffer.concat([Buffer.from('\r\n'), body])

  let at = bytes.indexOf(delimiter)
  while (at !== -1) {
    const after = at + delimiter.length
    if (bytes.toString('latin1', after, after + 2) === '--') return { fields, files }
    const headEnd = bytes.indexOf('\r\n\r\n', after)
    const end = bytes.indexOf(delimiter, after)
    if (headEnd === -1 || end === -1 || headEnd > end) return undefined
    const head = parseHead(bytes.toString('utf8', after + 2, headEnd))
    if (head.field === undefined) return undefined
    const content = bytes.subarray(headEnd + 4, Math.max(end, headEnd + 4))
    if (head.fileName === undefined) fields[head.field] = content.toString('utf8')
    else files.set(head.field, { name: head.fileName, mime: head.mime, bytes: Buffer.from(content) })
    at = end
  }
  return undefined
}

type Head = { readonly field: string | undefined; readonly fileName: string | undefined; readonly mime: string }

function parseHead(head: string): Head {
  const lines = head.split('\r\n')
  const disposition = lines.find((line) => /^content-disposition:/i.test(line)) ?? ''
  const mime = lines
    .find((line) => /^content-type:/i.test(line))
    ?.slice('content-type:'.length)
    .trim()
  const encoded = /;\s*filename\*=utf-8''([^;]+)/i.exec(disposition)?.[1]
  return {
    field: attribute(disposition, 'name'),
    fileName: encoded === undefined ? attribute(disposition, 'filename') : decodeURIComponent(encoded),
    mime: mime ?? 'application/octet-stream',
  }
}

function attribute(header: string, name: string): string | undefined {
  const found = new RegExp(`;\\s*${name}=(?:"((?:[^"\\\\]|\\\\.)*)"|([^;]*))`, 'i').exec(header)
  return found?.[1]?.replace(/\\(.)/g, '$1') ?? found?.[2]?.trim()
}
