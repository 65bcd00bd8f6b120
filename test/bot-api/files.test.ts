// Documents and photos in both directions.
import { describe, expect, it } from 'vitest'
import { type Bench, messageOf, openBench, readReply, TOKEN } from './harness.js'

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

function upload(
  { api }: Bench,
  method: string,
  fields: Record<string, string>,
  files: Record<string, [string, Buffer]>,
) {
  const form = new FormData()
  for (const [name, value] of Object.entries({ chat_id: '7', ...fields })) form.append(name, value)
  for (const [name, [file, bytes]] of Object.entries(files)) form.append(name, new Blob([new Uint8Array(bytes)]), file)
  return fetch(`${api.url}/bot${TOKEN}/${method}`, { method: 'POST', body: form }).then(readReply)
}

/** A picture's header with other measures. */
function resized(width: number, height: number): Buffer {
  const bytes = Buffer.from(PNG)
  bytes.writeUInt32BE(width, 16)
  bytes.writeUInt32BE(height, 20)
  return bytes
}

describe('sendDocument', () => {
  it('takes an upload under its own name or an attached one, bytes untouched', async () => {
    const bench = await openBench()
    const bytes = Buffer.from([0, 13, 10, 45, 45, 255])
    const direct = await upload(bench, 'sendDocument', { caption: '报告' }, { document: ['评定报告 1.docx', bytes] })
    const mime = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'
    expect(direct.result).toMatchObject({
      caption: '报告',
      document: { file_name: '评定报告 1.docx', mime_type: mime, file_size: 6 },
    })
    await upload(bench, 'sendDocument', { document: 'attach://part1' }, { part1: ['a.bin', bytes] })
    expect(bench.ada.messages().map((message) => message.file?.bytes)).toEqual([bytes, bytes])
    expect(bench.ada.lastMessage()).toMatchObject({ kind: 'document', file: { name: 'a.bin' } })
    expect(bench.api.violations).toEqual([])
  })

  it('takes a file Telegram has already', async () => {
    const bench = await openBench()
    await upload(bench, 'sendDocument', {}, { document: ['a.txt', Buffer.from('x')] })
    expect(
      await bench.call('sendDocument', { chat_id: 7, document: bench.ada.lastMessage().file?.file_id }),
    ).toMatchObject({
      status: 200,
    })
    expect(await bench.call('sendDocument', { chat_id: 7, document: 'unheard-of' })).toMatchObject({
      status: 400,
      description: 'Bad Request: wrong file identifier/HTTP URL specified',
    })
  })

  it('does not take a photo for a file, nor a file for a photo', async () => {
    const { ada, call, poll } = await openBench()
    ada.sendPhoto(PNG)
    ada.sendDocument('a.png', 'image/png', PNG)
    const [photo, file] = (await poll()).map(messageOf)
    const [asPhoto, asFile] = [photo?.photo?.[0]?.file_id, file?.document?.file_id]
    expect(await call('sendPhoto', { chat_id: 7, photo: asFile })).toMatchObject({
      status: 400,
      description: "Bad Request: can't use file of type Document as Photo",
    })
    expect(await call('sendDocument', { chat_id: 7, document: asPhoto })).toMatchObject({
      status: 400,
      description: "Bad Request: can't use file of type Photo as Document",
    })
    const paid = { allow_paid_broadcast: true, protect_content: true }
    expect(await call('sendPhoto', { chat_id: 7, photo: asPhoto, ...paid })).toMatchObject({ status: 200 })
  })

  it('refuses no file, an empty file and a long caption', async () => {
    const bench = await openBench()
    const missing = 'Bad Request: there is no document in the request'
    expect(await bench.call('sendDocument', { chat_id: 7 })).toMatchObject({ status: 400, description: missing })
    expect(await upload(bench, 'sendDocument', { document: 'attach://other' }, {})).toMatchObject({
      status: 400,
      description: missing,
    })
    const empty = await upload(bench, 'sendDocument', {}, { document: ['a.txt', Buffer.alloc(0)] })
    expect(empty).toMatchObject({ status: 400, description: 'Bad Request: file must be non-empty' })
    const document: [string, Buffer] = ['a.txt', Buffer.from('x')]
    const long = await upload(bench, 'sendDocument', { caption: 'x'.repeat(1025) }, { document })
    expect(long).toMatchObject({ status: 400, description: 'Bad Request: message caption is too long' })
    expect(await upload(bench, 'sendDocument', { caption: 'x'.repeat(1024) }, { document })).toMatchObject({
      status: 200,
    })
  })
})

describe('sendPhoto', () => {
  it('takes pictures of fitting measures only', async () => {
    const bench = await openBench()
    const send = (bytes: Buffer) => upload(bench, 'sendPhoto', {}, { photo: ['chart.png', bytes] })
    expect(await send(PNG)).toMatchObject({ result: { photo: [{ width: 1, height: 1 }] } })
    const photo = [
      { width: 320, height: 160 },
      { width: 1200, height: 600 },
    ]
    expect(await send(resized(1200, 600))).toMatchObject({ result: { photo } })
    expect(await send(Buffer.from('no picture'))).toMatchObject({
      status: 400,
      description: 'Bad Request: IMAGE_PROCESS_FAILED',
    })
    expect(await send(resized(5001, 5000))).toMatchObject({
      status: 400,
      description: 'Bad Request: PHOTO_INVALID_DIMENSIONS',
    })
    expect(await send(resized(2100, 100))).toMatchObject({
      status: 400,
      description: 'Bad Request: PHOTO_INVALID_DIMENSIONS',
    })
    // Just within the bounds.
    expect(await send(resized(5000, 5000))).toMatchObject({ status: 200 })
    expect(await send(resized(2000, 100))).toMatchObject({ status: 200 })
    expect(await bench.call('sendPhoto', { chat_id: 7 })).toMatchObject({
      description: 'Bad Request: there is no photo in the request',
    })
    const huge = Buffer.concat([PNG, Buffer.alloc(10 * 1024 * 1024)])
    expect((await send(huge)).description).toContain('is too big for a photo; the maximum size is 10485760 bytes')
  })
})

describe('getFile', () => {
  it('leads to the bytes a person has sent', async () => {
    const { api, ada, call, poll } = await openBench()
    ada.sendDocument('plan.pdf', 'application/pdf', Buffer.from('%PDF'), 'Look')
    ada.sendPhoto(PNG)
    const [first, second] = (await poll()).map(messageOf)
    expect(first).toMatchObject({
      caption: 'Look',
      document: { file_name: 'plan.pdf', mime_type: 'application/pdf' },
    })
    const { result } = await call('getFile', { file_id: first?.document?.file_id })
    const { file_path } = result as { readonly file_path: string }
    const download = await fetch(`${api.url}/file/bot${TOKEN}/${file_path}`)
    expect(await download.text()).toBe('%PDF')
    expect(await call('getFile', { file_id: second?.photo?.[0]?.file_id })).toMatchObject({
      result: { file_size: PNG.length },
    })
    expect((await fetch(`${api.url}/file/bot${TOKEN}/documents/none`)).status).toBe(404)
    expect((await fetch(`${api.url}/file/bot1:wrong/${file_path}`)).status).toBe(401)
    expect(await call('getFile', { file_id: 'x' })).toMatchObject({
      status: 400,
      description: 'Bad Request: invalid file_id',
    })
  })

  it('refuses files over 20 MB', async () => {
    const { ada, call, poll } = await openBench()
    ada.sendDocument('big.zip', 'application/zip', Buffer.alloc(20 * 1024 * 1024 + 1))
    const [message] = (await poll()).map(messageOf)
    expect(await call('getFile', { file_id: message?.document?.file_id })).toMatchObject({
      status: 400,
      description: 'Bad Request: file is too big',
    })
  })
})
