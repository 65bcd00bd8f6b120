/**
 * Everything that reads what comes from outside, each as one function of bytes that throws where something is wrong. The
 * corpus of a target lies in corpus/<name>/; `words` are pieces that mutations put together.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { csv } from '../../src/app/csv.js'
import { readEntities } from '../../src/channels/telegram/entities.js'
import { chatOf, readUpdate } from '../../src/channels/telegram/update.js'
import { inboundOf, inboundOfFile, readInput, readUpload } from '../../src/channels/web.js'
import { csvRows, decodeText } from '../../src/cli/csv-rows.js'
import { FileFault } from '../../src/cli/file-fault.js'
import { unpackXlsx } from '../../src/cli/open-xlsx.js'
import { readCommunities } from '../../src/cli/read-communities.js'
import { ConfigFault, readConfig, VARIABLES } from '../../src/config.js'
import { readBook } from '../../src/content/load.js'
import { decodeAction, encodeAction, LONGEST_ACTION_BYTES, looksLikeAction } from '../../src/core/action.js'
import { acceptsValue, choicesOf, parseAnswer } from '../../src/core/answers/registry.js'
import { parseMoment } from '../../src/core/moment.js'
import { parsePercent, parseQuantity } from '../../src/core/number-words.js'
import { decodeSession, encodeSession } from '../../src/core/session-text.js'
import { loadWorkbook, readWorkbook } from '../../src/rubric-sheet/read-workbook.js'
import { ROOT } from '../support/program.js'
import { smallWorkbook, zipped } from './small-workbook.js'

export type Target = {
  readonly name: string
  readonly words: readonly string[]
  readonly run: (bytes: Buffer) => void | Promise<void>
  /** How much slower one run is than usual. */
  readonly weight?: number
}

/** Far more than any of these inputs is worth. */
const SLOW_MS = 500
const NOW = Date.UTC(2026, 10, 18, 2, 21)
const JSON_WORDS = [
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '"',
  'null',
  'true',
  '-1',
  '1e309',
  '9007199254740991',
  '\\ud800',
  '\\u0000',
]
const NUMBER_WORDS = [
  '一',
  '十',
  '百',
  '千',
  '万',
  '两',
  '点',
  '半',
  '成',
  '百分之',
  '%',
  '项',
  '至',
  '负',
  '.',
  ',',
  '１',
  '九',
  ' ',
]
const DAY_WORDS = [
  '明天',
  '下周',
  '周五',
  '月',
  '日',
  '号',
  '年',
  '上午',
  '下午',
  '点',
  '半',
  '刻',
  ':',
  '2026',
  '12',
  '31',
  'Feb',
  '29',
  'pm',
  'next',
]
const UPDATE_WORDS = [
  ...JSON_WORDS,
  '"message"',
  '"callback_query"',
  '"my_chat_member"',
  '"chat"',
  '"type":"private"',
  '"message_id"',
]
const XML_WORDS = [
  '<row r="1">',
  '</row>',
  '<c r="A1" t="s">',
  '<v>',
  '</v>',
  '</c>',
  '<mergeCell ref="A1:B9"/>',
  '&#0;',
  '&lt;',
  '<f>',
  ' t="inlineStr"',
  '<is><t>',
]

const draft = readBook(ROOT, 'ljxq-hexie-shequ-draft@0.1.0', ['zh-CN', 'en'])
if (!('book' in draft)) throw new Error('Expected the draft to be sound')
const { rubric, questionnaire } = draft.book
/** One indicator of every kind of answer that the draft asks for. */
const indicators = [
  ...new Map(
    questionnaire.questions.flatMap((question) =>
      question.kind === 'indicator'
        ? [[JSON.stringify(question.indicator.answer).slice(0, 60), question.indicator]]
        : [],
    ),
  ).values(),
]

const must = (sound: boolean, expected: string): void => {
  if (!sound) throw new Error(`Expected ${expected}`)
}
const json = (bytes: Buffer): unknown => {
  try {
    return JSON.parse(bytes.toString())
  } catch {
    return undefined
  }
}
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
/** Files may be refused, in words; anything else that is thrown is a fault. */
async function refusedInWords(read: () => unknown): Promise<void> {
  try {
    await read()
  } catch (error) {
    if (!(error instanceof FileFault)) throw error
    must(error.message !== '', 'a refusal in words')
  }
}

const all: readonly Target[] = [
  {
    name: 'update',
    words: UPDATE_WORDS,
    run(bytes) {
      const update = json(bytes)
      if (!isObject(update)) return
      const read = readUpdate(update as Parameters<typeof readUpdate>[0])
      if (read.kind === 'inbound') {
        must(chatOf(read.inbound.address) === read.chat, 'the address to be of the chat')
        must(
          /^-?\d+$/.test(read.inbound.id) || update.update_id === undefined || !Number.isSafeInteger(update.update_id),
          'a number as id',
        )
        if (read.inbound.content.kind === 'command')
          must(/^[a-z0-9_]{1,32}$/.test(read.inbound.content.name), 'a name of a command')
        JSON.stringify(read)
      } else if (read.kind === 'reach') must(chatOf(read.address) !== undefined, 'an address')
    },
  },
  {
    name: 'action',
    words: [
      'a:',
      'q:',
      'P:',
      'D:',
      ':',
      's81abc',
      'P1-01',
      '.v1',
      '0',
      'zz',
      'home',
      'enter',
      '__proto__',
      'constructor',
    ],
    run(bytes) {
      const text = bytes.toString()
      const action = decodeAction(text)
      if (!action) return
      must(encodeAction(action) === text, 'the one form of the action')
      must(Buffer.byteLength(text) <= LONGEST_ACTION_BYTES && looksLikeAction(text), 'an action that looks like one')
    },
  },
  {
    name: 'session',
    words: [
      ...JSON_WORDS,
      '"v":1',
      '"sheet"',
      '"marks":"O1A2"',
      '"marks":"A1A1O*96"',
      '"mine":"01"',
      '"view"',
      '"seen"',
    ],
    run(bytes) {
      const session = decodeSession(bytes.toString())
      if (!session) return
      const text = encodeSession(session)
      const again = decodeSession(text)
      must(again !== undefined && encodeSession(again) === text, 'the same session again')
    },
  },
  {
    name: 'moment',
    words: DAY_WORDS,
    run(bytes) {
      for (const zone of ['Asia/Shanghai', 'America/New_York', 'Pacific/Apia']) {
        const parsed = parseMoment(bytes.toString(), zone, NOW)
        if (parsed.ok) must(Number.isSafeInteger(parsed.at) && parsed.at > NOW, 'a moment to come')
      }
    },
  },
  {
    name: 'number',
    words: NUMBER_WORDS,
    run(bytes) {
      const text = bytes.toString()
      const whole = parseQuantity(text, { decimals: 0, largest: 10_000, unit: '平方米/百户' })
      if (whole.ok) must(/^\d+$/.test(whole.value) && Number(whole.value) <= 10_000, 'a whole number within bounds')
      const percent = parsePercent(text, 2)
      if (percent.ok) must(/^\d+(?:\.\d{1,2})?$/.test(percent.value) && Number(percent.value) <= 100, 'a percentage')
    },
  },
  {
    name: 'typed-answer',
    words: [...NUMBER_WORDS, '是', '否', '有', '没有', 'yes', 'no', '不适用'],
    run(bytes) {
      for (const indicator of indicators) {
        const labels = new Map(choicesOf(indicator, rubric).map(({ value }) => [value, value]))
        const parsed = parseAnswer(indicator, bytes.toString(), labels)
        if (!parsed.ok) continue
        must(acceptsValue(indicator, parsed.value, rubric), `a value that ${indicator.id} takes`)
        encodeAction({ do: 'answer_typed', sheet: 'sheet0', question: indicator.id, revision: 0, value: parsed.value })
      }
    },
  },
  {
    name: 'config',
    words: [
      ...Object.keys(VARIABLES).map((name) => `${name}=`),
      '\n',
      'https://',
      'http://127.0.0.1',
      '1:a',
      '[::1]',
      ':',
      '@',
      '%',
      '\0',
    ],
    run(bytes) {
      const pairs = bytes
        .toString()
        .split('\n')
        .map((line) => line.split(/=(.*)/s).slice(0, 2))
      const environment = Object.fromEntries(pairs) as Record<string, string | undefined>
      try {
        readConfig(environment)
      } catch (error) {
        if (!(error instanceof ConfigFault)) throw error
        for (const name of ['BOT_TOKEN', 'WEBHOOK_SECRET', 'COOKIE_SECRET']) {
          const secret = environment[name]?.trim() ?? ''
          // Shorter ones stand in any sentence.
          must(secret.length < 12 || !error.message.includes(secret), 'faults without the secrets')
        }
      }
    },
  },
  {
    name: 'csv',
    words: ['"', '""', ',', ';', '\t', '\r\n', '\n', '\r', '=', '名称', '\uFEFF'],
    run: (bytes) =>
      refusedInWords(() => {
        const rows = csvRows(decodeText(bytes))
        const clean = rows
          .filter((row) => row.length > 1)
          .map((row) => row.map((cell) => cell.replace(/[^\w,"\n]/g, '').trim()))
        // With a separator in every row, so that it is found again; a text of several lines too.
        const again = csvRows(decodeText(csv(clean.map((row) => ['a', 'b', 'c', 'd', ...row]))))
        must(
          isDeepStrictEqual(
            again,
            clean.map((row) => ['a', 'b', 'c', 'd', ...row]),
          ),
          'what was written to be read again',
        )
      }),
  },
  {
    name: 'workbook',
    words: [...XML_WORDS, 'PK\x05\x06', 'PK\x01\x02'],
    weight: 40,
    run: (bytes) =>
      refusedInWords(async () => {
        // What does not begin like a zip file is put into one as the first sheet.
        const isZip = bytes.subarray(0, 2).toString('latin1') === 'PK'
        const file = isZip ? bytes : zipped({ ...(await smallWorkbook()), 'xl/worksheets/sheet1.xml': bytes })
        const parts = unpackXlsx(file)
        // What the library cannot open is damaged; what it can open has no other faults than those that are listed.
        const opens = await loadWorkbook(parts).then(
          () => true,
          () => false,
        )
        if (opens) await readWorkbook(parts)
      }),
  },
  {
    name: 'communities',
    words: [...XML_WORDS, '名称', ',', '\n', '户数', '街道', '网格数', '"'],
    weight: 40,
    run: async (bytes) => {
      const isXml = bytes.subarray(0, 1).toString() === '<'
      const file = isXml ? zipped({ ...(await smallWorkbook()), 'xl/worksheets/sheet1.xml': bytes }) : bytes
      const directory = mkdtempSync(join(tmpdir(), 'hexie-fuzz-'))
      try {
        writeFileSync(join(directory, 'file'), file)
        await refusedInWords(() => readCommunities(join(directory, 'file')))
      } finally {
        rmSync(directory, { recursive: true })
      }
    },
  },
  {
    name: 'web-input',
    words: [
      ...JSON_WORDS,
      '"id":"1"',
      '"kind":"text"',
      '"kind":"press"',
      '"data"',
      '"latitude":',
      '"card":"9"',
      '/start ',
    ],
    run(bytes) {
      const body = json(bytes)
      const input = readInput(body)
      const speaker = { key: 'k', guest: false }
      if (input) must(inboundOf(input, speaker).address === 'web:k', 'an input of who sent it')
      const upload = readUpload(body)
      if (upload) inboundOfFile(upload, { ref: 'file:0', mime: 'image/png', size: 1 }, speaker)
    },
  },
  {
    name: 'entities',
    words: [
      ...JSON_WORDS,
      '"type":"bold"',
      '"offset":1',
      '"length":2',
      '"text_link"',
      '"url":"https://a"',
      '"pre"',
      '😀',
    ],
    run(bytes) {
      const input = json(bytes)
      const [value, text] = Array.isArray(input) ? input : []
      if (typeof text !== 'string') return
      for (const { offset, length } of readEntities(value, text)) {
        must(offset >= 0 && length > 0 && offset + length <= text.length, 'formatting within the text')
        const half = (at: number) =>
          /[\uDC00-\uDFFF]/.test(text.charAt(at)) && /[\uD800-\uDBFF]/.test(text.charAt(at - 1))
        must(!half(offset) && !half(offset + length), 'formatting of whole characters')
      }
    },
  },
]

/** As they stand above, and each within the time that it may take. */
export const TARGETS: readonly Target[] = all.map(({ run, weight = 1, ...target }) => ({
  ...target,
  weight,
  async run(bytes) {
    const began = performance.now()
    await run(bytes)
    const took = performance.now() - began
    must(took < SLOW_MS * weight, `an end within ${SLOW_MS * weight} ms, took ${Math.round(took)}`)
  },
}))
