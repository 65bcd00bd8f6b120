import { deflateRawSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { draftBytes, edited, fileOf, ROOT, tool } from './support/workbooks.js'

describe('files that are no workbook', () => {
  const zip = (entries: [string, Buffer][]): Buffer => {
    const locals: Buffer[] = []
    const central: Buffer[] = []
    let offset = 0
    for (const [path, data] of entries) {
      const packed = deflateRawSync(data)
      const local = Buffer.alloc(30)
      local.writeUInt32LE(0x04034b50, 0)
      local.writeUInt16LE(8, 8)
      local.writeUInt16LE(path.length, 26)
      const head = Buffer.alloc(46)
      head.writeUInt32LE(0x02014b50, 0)
      head.writeUInt16LE(8, 10)
      head.writeUInt32LE(packed.length, 20)
      head.writeUInt32LE(10, 24) // a lie about the size
      head.writeUInt16LE(path.length, 28)
      head.writeUInt32LE(offset, 42)
      locals.push(local, Buffer.from(path), packed)
      central.push(head, Buffer.from(path))
      offset += 30 + path.length + packed.length
    }
    const end = Buffer.alloc(22)
    end.writeUInt32LE(0x06054b50, 0)
    end.writeUInt16LE(entries.length, 10)
    end.writeUInt32LE(offset, 16)
    return Buffer.concat([...locals, ...central, end])
  }
  const ole = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(600)])
  const workbook = (sheet: string): Buffer =>
    zip([
      ['xl/workbook.xml', Buffer.from('<workbook/>')],
      ['xl/worksheets/sheet1.xml', Buffer.from(sheet)],
    ])
  it.each([
    ['an old .xls', ole, '.xls'],
    ['an encrypted file', Buffer.concat([ole, Buffer.from('EncryptedPackage', 'utf16le')]), '密码'],
    ['a .csv under a false name', Buffer.from('编号,分值\nP1-01,12\n'), '.csv'],
    ['a PDF', Buffer.from('%PDF-1.7\n'), 'PDF'],
    ['nothing', Buffer.alloc(0), '空的'],
    ['a cut-off zip', Buffer.from('504b030414000000', 'hex'), '损坏'],
    ['another zip', zip([['word/document.xml', Buffer.from('<x/>')]]), '不是 Excel 工作簿'],
    ['a zip bomb that lies about its size', zip([['xl/workbook.xml', Buffer.alloc(60 * 1024 * 1024)]]), '解压后过大'],
    ['entities', workbook('<!DOCTYPE a [<!ENTITY b "c">]><worksheet/>'), 'DOCTYPE'],
    ['a merged monster', workbook('<mergeCell ref="A1:XFD1048576"/>'), '范围过大'],
    ['tags without end', workbook('<a>'.repeat(100_000)), '损坏'],
    ['a heap of cells', workbook('<row r="1"/>'.repeat(900_000)), '解压后过大'],
    ['too many bytes', Buffer.alloc(6 * 1024 * 1024, 0x50), '文件太大'],
  ])('%s is refused in words', async (_, data, says) => {
    const { code, err } = await tool(ROOT, 'import', fileOf(data))
    expect(code).toBe(2)
    expect(err).toContain(says)
  })

  it('a workbook cut in half is refused', async () => {
    const whole = await draftBytes()
    const { code, err } = await tool(ROOT, 'import', fileOf(whole.slice(0, whole.length / 2)))
    expect({ code, err }).toMatchObject({ code: 2, err: expect.stringContaining('损坏') })
  })

  it('more rows than the limit are a fault', async () => {
    const data = await edited((hand) => {
      const sheet = hand.sheet('词语')
      for (let i = 0; i < 2_001; i += 1) sheet.addRow([`词${i}`, 'x'])
    })
    const { code, err } = await tool(ROOT, 'import', fileOf(data))
    expect(code).toBe(1)
    expect(err).toContain('最多 2000 行')
  })
})
