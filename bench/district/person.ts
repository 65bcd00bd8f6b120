/** One simulated person with a phone: looks at the card that is there, and does what the step says, or what the card asks for. */
import { setTimeout as sleep } from 'node:timers/promises'
import { decodeAction } from '../../src/core/action.js'
import type { ShownCard } from './bot-api.js'
import { type Asked, buttonTo, type Read, read } from './cards.js'
import { oneOf } from './dice.js'
import type { Input, Meaning } from './inputs.js'
import type { Brought, Network } from './network.js'
import type { Phones } from './phones.js'
import { type Step, tapsOf } from './plan.js'
import { typedAnswer } from './questions.js'

export type Person = {
  readonly chat: number
  /** Everything that they did, by the ids that the ledger knows. */
  readonly inputs: Map<string, Input>
  readonly underWay: Set<Promise<unknown>>
  /** Inputs so far, as the plan counts them. */
  taps(): number
  /** Does a step; resolves when it is done, not when it is handled. */
  live(step: Step): Promise<void>
  card(): Promise<ShownCard | null>
  press(card: number, data: string, meaning: Meaning, calm?: boolean): Promise<Brought>
  write(text: string, meaning: Meaning, calm?: boolean): Promise<Brought>
}

const NOTHING: Meaning = { kind: 'none' }
/** People stop tapping when nothing happens at all. */
const MOST_UNDER_WAY = 4
const CARDS_REMEMBERED = 30
const CHATTER = '您好，请问社区在哪里'
const SECONDS_2026 = 1_795_305_600
/** Where a card asks nothing, the first of these that it offers is pressed. */
const WAYS = ['begin', 'resume', 'section', 'contents', 'open', 'back', 'result'] as const

/** `slips`: whether they type while they wait for a card, and send what they typed twice. */
export function createPerson(chat: number, phones: Phones, network: Network, slips = true): Person {
  const inputs = new Map<string, Input>()
  const underWay = new Set<Promise<unknown>>()
  const remembered: Asked[] = []
  const choices = new Map<string, string>()
  let gestures = 0
  let sent = 0
  let last: Promise<unknown> = Promise.resolve()
  /** The question whose 备注 they pressed last of all: then they write a note, whether or not it is asked for already. */
  let noting: string | undefined
  const user = { id: chat, first_name: `Person ${chat}` }
  const from = { ...user, is_bot: false, language_code: 'zh-hans' }
  const home = { ...user, type: 'private' }

  function note(
    { update, sent, taken }: Brought,
    message: number | undefined,
    input: Pick<Input, 'gesture' | 'meaning' | 'calm'>,
    toldBefore: number,
  ): void {
    const id = String(message === undefined ? update : -message)
    const entry: Input = inputs.get(id) ?? { ...input, id, sent, acknowledged: undefined, told: false }
    inputs.set(id, entry)
    const handled = taken.then(async (at) => {
      if (entry.meaning.kind !== 'none' && message !== undefined && (await phones.told(chat)) > toldBefore)
        entry.told = true
      entry.acknowledged ??= at
    })
    underWay.add(handled)
    void handled.finally(() => underWay.delete(handled))
    last = handled
  }

  async function press(
    card: number,
    data: string,
    meaning: Meaning,
    calm = false,
    gesture = ++gestures,
  ): Promise<Brought> {
    const action = decodeAction(data)
    noting = action?.do === 'note' ? action.question : undefined
    const letter = (update: number) => {
      const query = `${chat}0${update}`
      const message = { message_id: card, chat: home, date: SECONDS_2026 }
      const callback_query = { id: query, from, message, chat_instance: `${chat}77`, data }
      return { body: JSON.stringify({ update_id: update, callback_query }), query }
    }
    const input = { gesture, meaning, calm }
    const brought = network.bring(chat, sent++, letter, (anew) => note(anew, undefined, input, 0))
    note(brought, undefined, input, 0)
    return brought
  }

  /** Whatever the card shows. */
  const write = async (text: string, meaning: Meaning, calm = false, gesture = ++gestures): Promise<Brought> =>
    (await writeAt(0, text, meaning, calm, gesture))!

  /** Undefined where the card changes under their eyes: then they do not send it. */
  async function writeAt(
    turn: number,
    text: string,
    meaning: Meaning,
    calm: boolean,
    gesture: number,
  ): Promise<Brought | undefined> {
    const typed = await phones.type(chat, turn, text)
    if (!typed) return undefined
    const { id, date, told } = typed
    const entities = text.startsWith('/') ? { entities: [{ type: 'bot_command', offset: 0, length: text.length }] } : {}
    const message = { message_id: id, from, chat: home, date, text, ...entities }
    const letter = (update: number) => ({ body: JSON.stringify({ update_id: update, message }), query: undefined })
    const input = { gesture, meaning, calm }
    const brought = network.bring(chat, sent++, letter, (anew) => note(anew, id, input, told))
    note(brought, id, input, told)
    return brought
  }

  /** Blocks the bot and thinks better of it. */
  async function block(ms: number): Promise<void> {
    const change = (before: string, after: string) => {
      const member = {
        chat: home,
        from,
        date: SECONDS_2026,
        old_chat_member: { status: before },
        new_chat_member: { status: after },
      }
      const letter = (update: number) => ({
        body: JSON.stringify({ update_id: update, my_chat_member: member }),
        query: undefined,
      })
      const brought = network.bring(chat, sent, letter, () => {})
      underWay.add(brought.taken)
      void brought.taken.finally(() => underWay.delete(brought.taken))
    }
    await phones.block(chat, true)
    change('member', 'kicked')
    await sleep(ms)
    await phones.block(chat, false)
    change('kicked', 'member')
    await write('/start', NOTHING)
  }

  /** A tap on an option. The same card asks the same person the same thing: they choose the same again, unless they contradict themselves. */
  function tap(asked: Asked, pick: number, contradict = false, gesture?: number): Promise<Brought> {
    const { card, question, revision, options } = asked
    const key = `${question} ${revision} ${asked.at}`
    const before = options.find(({ value }) => value === choices.get(key))
    const others = contradict ? options.filter((one) => one !== before) : options
    const option = (contradict ? undefined : before) ?? oneOf(others, pick) ?? options[0]!
    choices.set(key, option.value)
    return press(card, option.data, { kind: 'tap', question, revision, value: option.value }, false, gesture)
  }

  /** The one button that leads on from a card that asks nothing. */
  function way(card: ShownCard, pick: number): string | undefined {
    for (const what of WAYS) {
      const data = buttonTo(card, what, pick)
      if (data !== undefined) return data
    }
    return undefined
  }

  async function onWay(card: ShownCard, step: Step): Promise<void> {
    const data = way(card, step.pick)
    if (data === undefined) return void (await write('/start', NOTHING))
    const gesture = ++gestures
    await press(card.id, data, NOTHING, false, gesture)
    if (tapsOf(step) === 1) return
    await sleep(step.gap)
    await press(card.id, data, NOTHING, false, gesture)
  }

  async function onQuestion(card: ShownCard, asked: Asked, { deed, pick, gap }: Step): Promise<void> {
    const to = (what: string) => buttonTo(card, what)
    const go = async (...ways: string[]) => {
      const data = ways.map(to).find((one) => one !== undefined)
      await (data === undefined ? tap(asked, pick) : press(card.id, data, NOTHING))
    }
    switch (deed) {
      case 'double': {
        const gesture = ++gestures
        await tap(asked, pick, false, gesture)
        await sleep(gap)
        await tap(asked, pick, false, gesture)
        return
      }
      case 'contradict':
        await tap(asked, pick)
        await sleep(gap)
        await tap(asked, pick, true)
        return
      case 'type':
      case 'type_twice': {
        const { text, value } = typedAnswer(asked.question, pick)
        const meaning: Meaning = { kind: 'typed', question: asked.question, revision: asked.revision, value }
        const gesture = ++gestures
        const sent = await writeAt(card.turn, text, meaning, false, gesture)
        if (!sent || deed === 'type' || !slips) return
        await sleep(gap)
        await write(text, meaning, false, gesture)
        return
      }
      case 'back':
        return go('previous')
      case 'skip':
        return go('skip', 'forward')
      case 'contents':
      case 'explain':
      case 'pause':
      case 'note':
        return go(deed)
      default:
        await tap(asked, pick)
    }
  }

  async function act(step: Step, card: ShownCard | null, seen: Read | undefined): Promise<void> {
    const { deed, pick, gap } = step
    if (card === null || seen === undefined || deed === 'return')
      return void (await write(pick < 0.7 ? '/start' : '/assess', NOTHING))
    if (deed === 'block') return block(gap)
    // Where a note is asked for, whatever is written is one.
    const noted = seen.at === 'note' ? seen.question : noting
    const said: Meaning = noted === undefined ? NOTHING : { kind: 'note', question: noted, text: CHATTER }
    if (deed === 'chatter') return void (await writeAt(card.turn, CHATTER, said, false, ++gestures))
    const old = deed === 'old' ? oneOf(remembered, pick) : undefined
    if (old) return void (await tap(old, pick, step.patience % 2 === 0))
    if (seen.at === 'question' || seen.at === 'confirm') return onQuestion(card, seen, step)
    if (seen.at === 'note' && pick < 0.85 && tapsOf(step) === 1) {
      const text = `备注 ${gestures}`
      return void (await writeAt(card.turn, text, { kind: 'note', question: seen.question, text }, false, ++gestures))
    }
    return onWay(card, step)
  }

  return {
    chat,
    inputs,
    underWay,
    taps: () => sent,
    card: () => phones.card(chat),
    press,
    write,
    async live(step) {
      await sleep(step.pause)
      while (underWay.size >= MOST_UNDER_WAY) await Promise.race(underWay)
      await Promise.race([last, sleep(step.patience)])
      let card = await phones.card(chat)
      let seen = card ? read(card) : undefined
      if (!slips && (seen?.at === 'note' || /^type|^chatter/.test(step.deed))) {
        await Promise.all(underWay)
        card = await phones.card(chat)
        seen = card ? read(card) : undefined
      }
      if (seen?.at === 'question') {
        remembered.push(seen)
        if (remembered.length > CARDS_REMEMBERED) remembered.shift()
      }
      const before = sent
      await act(step, card, seen)
      // A step that is planned as two taps is two, whatever it met.
      while (sent - before < tapsOf(step)) {
        await sleep(step.gap)
        await write('/start', NOTHING)
      }
    },
  }
}
