/** The template for communities, unpacked, and parts as a zip file without compression. */
import { crc32 } from 'node:zlib'
import { communitiesTemplate } from '../../src/cli/communities-template.js'
import { unpackXlsx } from '../../src/cli/open-xlsx.js'
import { loadLocales } from '../../src/content/locales.js'
import { ROOT } from '../support/program.js'

let parts: Promise<Record<string, Uint8Array>> | undefined

export function smallWorkbook(): Promise<Record<string, Uint8Array>> {
  parts ??= communitiesTemplate('zh-CN', loadLocales(ROOT, 'zh-CN').in('zh-CN')).then((bytes) =>
    unpackXlsx(Buffer.from(bytes)),
  )
  return parts
}

const LOCAL_BYTES = 30
const CENTRAL_BYTES = 46
const END_BYTES = 22

export function zipped(files: Readonly<Record<string, Uint8Array>>): Buffer {
  const locals: Buffer[] = []
  const central: Buffer[] = []
  let offset = 0
  for (const [path, data] of Object.entries(files)) {
    const name = Buffer.from(path)
    const local = Buffer.alloc(LOCAL_BYTES)
    const entry = Buffer.alloc(CENTRAL_BYTES)
    local.writeUInt32LE(0x04034b50, 0)
    entry.writeUInt32LE(0x02014b50, 0)
    for (const [head, at] of [
      [local, 14],
      [entry, 16],
    ] as const) {
      head.writeUInt32LE(crc32(data), at)
      head.writeUInt32LE(data.length, at + 4)
      head.writeUInt32LE(data.length, at + 8)
      head.writeUInt16LE(name.length, at + 12)
    }
    entry.writeUInt32LE(offset, 42)
    locals.push(local, name, Buffer.from(data))
    central.push(entry, name)
    offset += LOCAL_BYTES + name.length + data.length
  }
  const end = Buffer.alloc(END_BYTES)
  const count = Object.keys(files).length
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(count, 8)
  end.writeUInt16LE(count, 10)
  end.writeUInt32LE(
    central.reduce((sum, { length }) => sum + length, 0),
    12,
  )
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...locals, ...central, end])
}
