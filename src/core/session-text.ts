/** A session as text, which is what the stores keep. */
import type { Left } from './left.js'
import type { Mark, Session, SheetPlace, View } from './session.js'

const SESSION_VERSION = 1

/** Far more than any questionnaire has: keeps a text that is none of ours from taking memory. */
const MOST_MARKS = 50_000

/**
 * Text form, for example (shortened)
 * `{"v":1,"person":"p3k…","language":"zh-CN","sheet":{"id":"s81…","cursor":"P1-03","marks":"A1A1O*96"},"view":{"at":"question"},…}`.
 * Every tap writes and reads one: field by field, since V8 copies objects far more slowly.
 */
export function encodeSession(session: Session): string {
  const { person, language, sheet, view, card, unseen, unsettled, since, shown, left, seen } = session
  const text: Text<Session> = {
    person,
    language,
    sheet: sheet && encodeSheet(sheet),
    view,
    card,
    unseen,
    unsettled,
    since,
    shown,
    left: left?.map(encodeLeft),
    seen,
  }
  return JSON.stringify({ v: SESSION_VERSION, ...text })
}

/** Every field of what is put into text, whether it is there or not. */
type Text<Of> = Readonly<Record<keyof Of, unknown>>

function encodeSheet({ id, rubric, status, assessment, mine, cursor, reach, marks, last }: SheetPlace) {
  const text: Text<SheetPlace> = {
    id,
    rubric,
    status,
    assessment,
    mine: mine?.map(Number).join(''),
    cursor,
    reach,
    marks: encodeMarks(marks),
    last,
  }
  return text
}

/** Without the names, which would be longer than what they name. */
const encodeLeft = ({ question, at, until, by }: Left) =>
  by === undefined ? [question, at, until] : [question, at, until, by]

/** Reads the text form; undefined where it is of another version or not one of ours, so that it is rebuilt. */
export function decodeSession(text: string): Session | undefined {
  try {
    const { v, person, language, sheet, view, card, unseen, unsettled, since, shown, left, seen } = JSON.parse(text)
    if (v !== SESSION_VERSION || typeof person !== 'string' || typeof view?.at !== 'string') return undefined
    if (!Number.isFinite(seen?.at) || !Number.isFinite(seen.order)) return undefined
    return {
      person,
      language,
      sheet: sheet && decodeSheet(sheet),
      view,
      card,
      seen,
      ...(unseen === undefined ? {} : { unseen }),
      ...(unsettled === undefined ? {} : { unsettled }),
      ...(since === undefined ? {} : { since }),
      ...(shown === undefined ? {} : { shown }),
      ...(left === undefined ? {} : { left: left.map(leftFrom) }),
    }
  } catch {
    return undefined
  }
}

function leftFrom([question, at, until, by]: readonly [string | null, View['at'], number, string?]): Left {
  if (!Number.isFinite(until)) throw new Error(`Expected when a place was left, got \`${until}\``)
  return by === undefined ? { question, at, until } : { question, at, until, by }
}

type SheetText = Omit<SheetPlace, 'marks' | 'mine'> & { readonly marks: string; readonly mine?: string }

function decodeSheet({ id, rubric, status, assessment, mine, cursor, reach, marks, last }: SheetText): SheetPlace {
  return {
    id,
    rubric,
    status,
    cursor,
    reach,
    marks: decodeMarks(marks),
    last,
    ...(assessment === undefined ? {} : { assessment }),
    ...(mine === undefined ? {} : { mine: [...mine].map((one) => one === '1') }),
  }
}

const LETTERS = { open: 'O', answered: 'A', not_applicable: 'N' } as const
const STATES = { O: 'open', A: 'answered', N: 'not_applicable' } as const

/** Of each a letter and a revision, if there is one, and where three or more in a row have the same, how many: `A1A1N3O*95`. */
function encodeMarks(marks: readonly Mark[]): string {
  let text = ''
  for (let from = 0, to = 0; from < marks.length; from = to) {
    const { state, revision } = marks[from]!
    for (to = from + 1; to < marks.length && isSame(marks[to]!, marks[from]!); ) to += 1
    const mark = LETTERS[state] + (revision > 0 ? revision.toString(36) : '')
    const times = to - from
    text += times === 1 ? mark : times === 2 ? mark + mark : `${mark}*${times}`
  }
  return text
}

const isSame = (a: Mark, b: Mark): boolean => a === b || (a.state === b.state && a.revision === b.revision)

function decodeMarks(text: string): Mark[] {
  const marks: Mark[] = []
  for (let at = 0, end = 0; at < text.length; at = end) {
    for (end = at + 1; end < text.length && !isLetter(text.charCodeAt(end)); ) end += 1
    const [mark, times] = marksFrom(text.slice(at, end))
    if (marks.length + times > MOST_MARKS) throw new Error(`Expected at most ${MOST_MARKS} marks`)
    for (let more = times; more > 0; more -= 1) marks.push(mark)
  }
  return marks
}

/** Revisions are written with small letters and digits only. */
const isLetter = (code: number): boolean => code >= 0x41 && code <= 0x5a

const MARKS = /^([OAN])([1-9a-z][0-9a-z]{0,5})?(?:\*([1-9]\d{0,4}))?$/

/** The same few pieces come again and again, and most marks are `O` or `A1`: one object serves all of them. */
const SHARED = new Map<string, readonly [Mark, times: number]>()
const MOST_SHARED = 500

function marksFrom(piece: string): readonly [Mark, times: number] {
  const shared = SHARED.get(piece)
  if (shared) return shared
  const [, letter, revision, times] = MARKS.exec(piece) ?? []
  // Whoever reads a session rebuilds what is none of ours.
  if (letter === undefined) throw new Error(`Expected a mark such as \`A1\`, got \`${piece}\``)
  const mark: Mark = {
    state: STATES[letter as keyof typeof STATES],
    revision: revision === undefined ? 0 : Number.parseInt(revision, 36),
  }
  const read = [mark, times === undefined ? 1 : Number(times)] as const
  if (SHARED.size < MOST_SHARED) SHARED.set(piece, read)
  return read
}
