/** A scripted grid worker who knows the card only by what stands on it, as a person would. */
import type { BotApi, Button, Person, SeenMessage } from './bot-api/index.js'

export type Card = SeenMessage
/** Chooses a button of the options, which stand first and from best to worst; returns its index. */
export type Choose = (card: Card, options: readonly Button[]) => number

const WAYS = ['上一题', '跳过', '下一题', '不适用', '说明', '备注', '佐证', '目录', '暂停', '结果']

/** The living card: the newest message of the bot that asks a question or shows a result. */
export function cardOf(person: Person): Card {
  const card = person.messages().at(-1)
  if (!card) throw new Error('Expected a card, got an empty chat')
  return card
}

export const isQuestion = (card: Card): boolean =>
  /第 \d+\/\d+ 题|一票否决/.test(card.text) && optionsOf(card).length > 0

/** The buttons that answer the question: those before the ways around it. */
export function optionsOf(card: Card): Button[] {
  const all = card.buttons.flat()
  const end = all.findIndex(({ text }) => WAYS.some((way) => text.startsWith(way)))
  return end < 0 ? [] : all.slice(0, end)
}

/** Presses a button of the card by its label and waits until the bot is done. */
export async function pressLabel(api: BotApi, person: Person, label: string): Promise<void> {
  const card = cardOf(person)
  person.press(card.message_id, ({ text }) => text === label || text.startsWith(label))
  await api.settled()
}

/** From /start to the submitted grade; returns the text of the submitted result. */
export async function walkSheet(api: BotApi, person: Person, choose: Choose = () => 0): Promise<string> {
  person.send('/start')
  await api.settled()
  await answerAll(api, person, choose)
  await pressLabel(api, person, '提交')
  await pressLabel(api, person, '确认提交')
  return cardOf(person).text
}

/** Answers until no question is asked any more; returns how many taps that took. */
export async function answerAll(api: BotApi, person: Person, choose: Choose = () => 0): Promise<number> {
  let taps = 0
  for (; isQuestion(cardOf(person)); taps += 1) {
    if (taps > 1000) throw new Error('Expected the questions to end')
    const card = cardOf(person)
    const options = optionsOf(card)
    const option = options[choose(card, options)]
    if (!option) throw new Error(`Expected an option, got ${options.length} on: ${card.text}`)
    person.press(card.message_id, (button) => button.callback_data === option.callback_data)
    await api.settled()
  }
  return taps
}

export const best: Choose = () => 0
export const worst: Choose = (_card, options) => options.length - 1
