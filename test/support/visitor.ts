/** Somebody in a chat with the bot, who knows a card only by what stands on it. Places and cards are numbered as in Telegram. */
import { plain } from '../../src/app/rich.js'
import type { Button, Card, Inbound, Speech, Spoken } from '../../src/app/speech.js'

/** Somebody in a chat with the bot. All that speaks resolves with the text of the card as it is then. */
export type Visitor = {
  readonly person: string
  readonly address: string
  /** Everything that was said to them, oldest first. */
  readonly said: readonly Speech[]
  /** Text of the living card. */
  text(): string
  card(): Card
  labels(): string[]
  /** The living card as a transcript: its text, then each row of buttons in brackets. */
  page(): string
  command(name: string, argument?: string): Promise<string>
  type(text: string): Promise<string>
  /** Presses the button whose label is this, else the first one that begins with it. */
  press(label: string): Promise<string>
  /** Presses a button that perhaps is not on the card: a forged one, or one of an older card. */
  pressData(data: string): Promise<string>
  /** From a command on, through the buttons with these labels; resolves with the page that they lead to. */
  go(command: string, ...labels: readonly string[]): Promise<string>
  look(): Promise<string>
  send(content: Inbound['content']): Promise<string>
  /** Sends something that stands above the living card: it was sent before that was drawn. */
  overtaken(content: Inbound['content']): Promise<string>
  /** What is done inside dies once right before the session is saved, and is delivered again. */
  crashing<T>(use: () => Promise<T>): Promise<T>
}

type Message = Pick<Inbound, 'position' | 'content'>
type Chat = {
  readonly person: string
  readonly address: string
  /** Whether the channel knows places in the chat. */
  readonly positioned: boolean
  readonly die: () => void
  readonly handle: (message: Message, speak: (speech: Speech, card: string | null) => Promise<Spoken>) => Promise<void>
}

export function createVisitor({ person, address, positioned, die, handle }: Chat): Visitor {
  const said: Speech[] = []
  let messages = 0
  let living: string | null = null

  const speak = async (speech: Speech, card: string | null): Promise<Spoken> => {
    said.push(speech)
    messages += (speech.before?.length ?? 0) + (speech.picture ? 1 : 0) + (speech.file ? 1 : 0)
    if (card === null || speech.move) messages += 1
    living = card === null || speech.move || !positioned ? String(messages) : card
    return { card: living, shown: true }
  }
  const card = (): Card => {
    const newest = said.at(-1)?.card
    if (!newest) throw new Error('Expected a card, got an empty chat')
    return newest
  }
  const text = () => plain(card().text)
  const buttons = (): Button[] => card().rows.flat()
  const send = async (content: Inbound['content']) => {
    const sends = content.kind !== 'press' && content.kind !== 'look'
    if (sends) messages += 1
    await handle({ position: positioned && sends ? messages : null, content }, speak)
    return text()
  }
  const pressData = (data: string) => send({ kind: 'press', data, card: living ?? '0' })
  const command = (name: string, argument = '') => send({ kind: 'command', name, argument })
  const press = (label: string) => {
    const found = buttons().find((one) => one.label === label) ?? buttons().find((one) => one.label.startsWith(label))
    if (!found) throw new Error(`Expected a button \`${label}\`, got:\n${page()}`)
    return pressData(found.data)
  }
  const page = () => [text(), ...card().rows.map((row) => row.map(({ label }) => `[${label}]`).join(' '))].join('\n')
  return {
    person,
    address,
    said,
    text,
    card,
    labels: () => buttons().map(({ label }) => label),
    page,
    command,
    type: (words) => send({ kind: 'text', text: words }),
    press,
    go: async (name, ...labels) => {
      await command(name)
      for (const label of labels) await press(label)
      return page()
    },
    pressData,
    look: () => send({ kind: 'look' }),
    send,
    overtaken: async (content) => {
      await handle({ position: Number(living ?? 1) - 1, content }, speak)
      return text()
    },
    crashing: (use) => {
      die()
      return use()
    },
  }
}
