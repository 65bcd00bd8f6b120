/** People's phones: what the Bot API shows them, asked of its process line by line. */
import { type Child, startNode } from '../child.js'
import type { ShownCard, Tally, Typed } from './bot-api.js'

export type Phones = {
  readonly url: string
  card(chat: number): Promise<ShownCard | null>
  /** Null where the card is no longer the one of that turn: then they see it and write nothing. 0: whatever it shows. */
  type(chat: number, turn: number, text: string): Promise<Typed | null>
  /** How often a refusal was said to somebody. */
  told(chat: number): Promise<number>
  /** Whether a press was answered by a call rather than in the answer to its update. */
  answered(query: string): Promise<boolean>
  block(chat: number, blocked: boolean): Promise<unknown>
  forget(chat: number): Promise<unknown>
  storm(on: boolean): Promise<unknown>
  /** Milliseconds without any call. */
  rest(): Promise<number>
  tally(): Promise<Tally>
  stop(): Promise<unknown>
}

export async function startPhones(token: string, seed: number): Promise<Phones> {
  const env = { TOKEN: token, SEED: String(seed) }
  const child: Child = startNode('bot-api', ['--import', 'tsx', 'bench/district/bot-api.ts'], env)
  const { url } = JSON.parse(await child.line()) as { url: string }
  const waiting: { resolve: (line: string) => void; reject: (error: unknown) => void }[] = []
  let reading = false
  // Answers come in the order of the questions.
  const read = async () => {
    reading = true
    while (waiting.length > 0) {
      const { resolve, reject } = waiting[0]!
      await child.line().then(resolve, reject)
      waiting.shift()
    }
    reading = false
  }
  const ask = async <T>(line: string): Promise<T> => {
    const answer = new Promise<string>((resolve, reject) => waiting.push({ resolve, reject }))
    child.say(line)
    if (!reading) void read()
    return JSON.parse(await answer) as T
  }
  return {
    url,
    card: (chat) => ask(`card ${chat}`),
    type: (chat, turn, text) => ask(`type ${chat} ${turn} ${text}`),
    told: (chat) => ask(`told ${chat}`),
    answered: (query) => ask(`answered ${query}`),
    block: (chat, blocked) => ask(`block ${chat} ${blocked ? 1 : 0}`),
    forget: (chat) => ask(`forget ${chat}`),
    storm: (on) => ask(`storm ${on ? 1 : 0}`),
    rest: () => ask('rest'),
    tally: () => ask('tally'),
    stop: () => child.stop(),
  }
}
