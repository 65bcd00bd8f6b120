/** Polling against the strict Bot API: nobody waits for somebody else, and nothing is confirmed before it is handled. */
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { StoreFault } from '../../src/app/ports.js'
import { createGrammyDriver } from '../../src/channels/grammy.js'
import { patientCall } from '../../src/channels/telegram/patient-call.js'
import { startPolling } from '../../src/channels/telegram/poll.js'
import { type BotApi, createBotApi } from '../support/bot-api/index.js'
import { TOKEN } from '../support/program.js'

/** Pauses in these tests are so much shorter; what Telegram does takes its real time. */
const HASTE = 10
const wait = (milliseconds: number) => sleep(milliseconds / HASTE, undefined, { ref: false })

async function openApi(): Promise<BotApi> {
  const api = await createBotApi({ token: TOKEN })
  onTestFinished(() => api.stop())
  return api
}

/** A poller on a driver of its own; `take` gets what the person wrote. */
async function poll(api: BotApi, take: (text: string) => Promise<void> = async () => {}) {
  const driver = await createGrammyDriver({ token: TOKEN, apiRoot: api.url })
  const begun: string[] = []
  const handled: string[] = []
  const logged: string[] = []
  const turned: string[] = []
  const note = (_: object, message: string) => void logged.push(message)
  const poller = startPolling({
    call: patientCall(driver.call, wait),
    take: (update) =>
      driver.feed(update, async (raw) => {
        const { text } = raw.message as { text: string }
        begun.push(text)
        await take(text)
        handled.push(text)
      }),
    turnAway: async (update) => void turned.push((update.message as { text: string }).text),
    log: { debug: note, info: note, warn: note, error: note },
    wait,
  })
  onTestFinished(async () => {
    for (const open of gates.splice(0)) open()
    await poller.stop()
    await driver.close()
  })
  return { begun, handled, turned, logged, stop: poller.stop, crash: driver.close }
}

/** Opened when a test ends in whatever way, since a poller stops only when nothing hangs. */
const gates: (() => void)[] = []

/** Something that hangs until it is let go. */
function gate() {
  const opened = new Promise<void>((resolve) => gates.push(resolve))
  const open = gates.at(-1)!
  return { opened, open }
}

const slowOnly = (opened: Promise<void>) => async (text: string) => (text === 'slow' ? opened : undefined)

const until = (condition: () => boolean) => expect.poll(condition, { timeout: 10_000, interval: 10 }).toBe(true)

/** What Telegram would give to the next program that asks. */
async function unconfirmed(api: BotApi): Promise<string[]> {
  const response = await fetch(`${api.url}/bot${TOKEN}/getUpdates`)
  const { result } = (await response.json()) as { result: { message: { text: string } }[] }
  return result.map(({ message }) => message.text)
}

describe('people side by side', () => {
  it('serves others while one hangs, takes each update once, and confirms nothing from the hanging one on', async () => {
    const api = await openApi()
    const slow = gate()
    const { begun, handled, stop } = await poll(api, slowOnly(slow.opened))
    const [ada, bob] = [api.person(1), api.person(2)]
    bob.send('before')
    ada.send('slow')
    await until(() => begun.includes('slow'))
    for (let i = 0; i < 5; i++) {
      bob.send(`bob ${i}`)
      await until(() => handled.includes(`bob ${i}`))
    }
    ada.send('after slow')
    await sleep(300)
    expect(begun).toEqual(['before', 'slow', 'bob 0', 'bob 1', 'bob 2', 'bob 3', 'bob 4'])
    expect(await unconfirmed(api)).toEqual(['slow', 'bob 0', 'bob 1', 'bob 2', 'bob 3', 'bob 4', 'after slow'])
    slow.open()
    await until(() => handled.includes('after slow'))
    await stop()
    expect(handled.slice(-2)).toEqual(['slow', 'after slow'])
    expect(new Set(begun).size).toBe(begun.length)
    expect(await unconfirmed(api)).toEqual([])
    expect(api.violations).toEqual([])
  })

  it('asks seldom while somebody hangs, and by long polls otherwise, which a stop ends at once', async () => {
    const api = await openApi()
    const slow = gate()
    const { begun, handled, stop } = await poll(api, () => slow.opened)
    const timeouts = () => api.callsOf('getUpdates').map(({ payload }) => payload.timeout)
    await until(() => timeouts().length === 1)
    api.person(1).send('slow')
    await until(() => begun.length === 1)
    const before = timeouts().length
    await sleep(500)
    const short = timeouts().slice(before)
    expect(short.length > 2 && short.length < 15 && short.every((seconds) => seconds === 0)).toBe(true)
    slow.open()
    await until(() => handled.length === 1 && timeouts().at(-1) === 25)
    expect(await Promise.race([stop(), sleep(1000, 'late')])).not.toBe('late')
  })

  it('begins in the order of Telegram, also beyond what one fetch gives', async () => {
    const api = await openApi()
    const sent = Array.from({ length: 250 }, (_, i) => `${i}`)
    for (const text of sent) api.person(1 + (Number(text) % 50)).send(text)
    const { begun, handled, stop } = await poll(api, () => sleep(Math.random() * 5))
    await until(() => handled.length === sent.length)
    const ofPerson = (list: string[], person: number) => list.filter((text) => Number(text) % 50 === person)
    for (let person = 0; person < 50; person++) expect(ofPerson(begun, person)).toEqual(ofPerson(sent, person))
    expect(begun.slice(0, 50)).toEqual(sent.slice(0, 50))
    expect([...begun].sort()).toEqual([...sent].sort())
    await stop()
    expect(await unconfirmed(api)).toEqual([])
  })

  it('keeps at most a hundred unconfirmed, and goes on when the lowest is done', async () => {
    const api = await openApi()
    const slow = gate()
    const { begun, handled } = await poll(api, slowOnly(slow.opened))
    api.person(1).send('slow')
    await until(() => begun.length === 1)
    for (let i = 0; i < 150; i++) api.person(2 + (i % 5)).send(`${i}`)
    await until(() => handled.length === 99)
    await sleep(200)
    expect(handled.length).toBe(99)
    slow.open()
    await until(() => handled.length === 151)
    expect(begun.length).toBe(151)
  })
})

describe('a flood of one person', () => {
  it('is turned away beyond a line, so that the others are fetched', async () => {
    const api = await openApi()
    const slow = gate()
    const { handled, turned } = await poll(api, (text) => (text === 'bob' ? Promise.resolve() : slow.opened))
    for (let i = 0; i < 80; i++) api.person(1).send(`flood ${i}`)
    api.person(2).send('bob')
    await until(() => handled.includes('bob'))
    expect(turned).toEqual(Array.from({ length: 30 }, (_, i) => `flood ${50 + i}`))
    slow.open()
    await until(() => handled.length === 51)
    api.person(1).send('once more')
    await until(() => handled.length === 52)
    expect(turned).toHaveLength(30)
  })
})

describe('what fails', () => {
  it('is tried again while the store asks for it, before anything newer of the same person', async () => {
    const api = await openApi()
    let faults = 5
    const { begun, handled } = await poll(api, async (text) => {
      if (text === 'first' && faults-- > 0) throw new StoreFault('down', true, undefined)
    })
    api.person(1).send('first')
    api.person(1).send('second')
    api.person(2).send('other')
    await until(() => handled.length === 3)
    expect(handled).toEqual(['other', 'first', 'second'])
    expect(begun.filter((text) => text === 'first').length).toBe(6)
  })

  it('is given up after three tries where it is our own fault, and the others go on', async () => {
    const api = await openApi()
    const { begun, handled, logged, stop } = await poll(api, async (text) => {
      if (text === 'bad') throw new TypeError('a fault in the program')
      if (text === 'refused') throw new StoreFault('refused', false, undefined)
    })
    for (const text of ['bad', 'refused', 'good']) api.person(1).send(text)
    await until(() => handled.includes('good'))
    expect(begun).toEqual(['bad', 'bad', 'bad', 'refused', 'refused', 'refused', 'good'])
    expect(logged.filter((message) => message === 'an update failed').length).toBe(6)
    await stop()
    expect(await unconfirmed(api)).toEqual([])
  })
})

describe('an end', () => {
  it('by a crash loses nothing: the next program gets all from the lowest unfinished on', async () => {
    const api = await openApi()
    const slow = gate()
    const first = await poll(api, slowOnly(slow.opened))
    api.person(2).send('before')
    await until(() => first.handled.length === 1)
    api.person(1).send('slow')
    await until(() => first.begun.includes('slow'))
    api.person(2).send('beside')
    await until(() => first.handled.includes('beside'))
    await sleep(150) // some more short polls, which might confirm too much
    await first.crash()
    api.person(2).send('meanwhile')
    const second = await poll(api)
    await until(() => second.handled.includes('meanwhile'))
    expect(second.begun).toEqual(['slow', 'beside', 'meanwhile'])
  })

  it('by a stop waits for what is in hand and confirms it', async () => {
    const api = await openApi()
    const slow = gate()
    const { begun, handled, stop } = await poll(api, () => slow.opened)
    api.person(1).send('slow')
    await until(() => begun.length === 1)
    const stopped = stop().then(() => 'stopped')
    expect(await Promise.race([stopped, sleep(200, 'waiting')])).toBe('waiting')
    slow.open()
    await stopped
    expect(handled).toEqual(['slow'])
    expect(await unconfirmed(api)).toEqual([])
  })

  it('by a stop leaves what is not done to the next program', async () => {
    const api = await openApi()
    const first = await poll(api, async (text) => {
      if (text === 'waits') throw new StoreFault('down', true, undefined)
    })
    api.person(2).send('done')
    api.person(1).send('waits')
    api.person(1).send('behind')
    await until(() => first.handled.includes('done') && first.begun.includes('waits'))
    await first.stop()
    expect(first.handled).toEqual(['done'])
    const second = await poll(api)
    await until(() => second.handled.length === 2)
    expect(second.begun).toEqual(['waits', 'behind'])
  })
})

describe('Telegram', () => {
  it.each(['meanwhile', 'before, and the first attempt fails'])('is asked to delete a webhook set %s', async (when) => {
    const api = await openApi()
    const setWebhook = () => fetch(`${api.url}/bot${TOKEN}/setWebhook?url=http://127.0.0.1:9/hook`)
    if (when !== 'meanwhile') {
      await setWebhook()
      api.failNext({ method: 'deleteWebhook', status: 400 })
    }
    const { handled } = await poll(api)
    await until(() => api.callsOf('getUpdates').length > 0)
    if (when === 'meanwhile') await setWebhook()
    await until(() => api.callsOf('deleteWebhook').length === 2)
    api.person(1).send('heard')
    await until(() => handled.includes('heard'))
  })

  it('keeps its webhook when another program polls as well', async () => {
    const api = await openApi()
    const { handled, logged } = await poll(api)
    await until(() => api.callsOf('getUpdates').length === 1)
    await unconfirmed(api)
    await until(() => logged.includes('could not fetch updates'))
    api.person(1).send('heard')
    await until(() => handled.includes('heard'))
    expect(api.callsOf('deleteWebhook').length).toBe(1)
  })
})
