/**
 * A press that was answered, since its answer was kept and its card on the way, and whose process died before the session was saved: on
 * real Redis, which notes what is in hand. Dying is a dispatch that never comes back from speaking; its lease runs out.
 */
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { createDispatch } from '../../src/app/dispatch.js'
import { drawLeftBehind } from '../../src/app/left-behind.js'
import { type Sessions, StoreFault } from '../../src/app/ports.js'
import type { Edited, Outlet } from '../../src/app/push.js'
import { plain } from '../../src/app/rich.js'
import type { Inbound, Speech } from '../../src/app/speech.js'
import { decodeSession, encodeSession } from '../../src/core/session-text.js'
import { connectRedis } from '../../src/store/redis-client.js'
import { createRedisSessions } from '../../src/store/redis-sessions.js'
import { redisOfWorker } from '../support/databases.js'
import { openDesk } from '../support/desk.js'
import { inbound } from '../support/inbound.js'

const redisUrl = redisOfWorker()
const ADDRESS = 'telegram:5'

describe.skipIf(redisUrl === '')('a press that was answered and not saved (needs redis-server)', () => {
  let redis: ReturnType<typeof connectRedis>
  let sessions: Sessions
  beforeAll(() => {
    redis = connectRedis(redisUrl)
    sessions = createRedisSessions(redis)
  })
  afterAll(() => redis?.disconnect())

  async function open(over: Partial<Sessions> = {}) {
    await sessions.forget(ADDRESS)
    const sheetIdFor = (_: string, input: string) => `sheet${input.padStart(6, '0')}`
    const opened = await openDesk({ sheetIdFor, sessions: { ...sessions, ...over } })
    onTestFinished(opened.close)
    const { desk } = opened
    const said: Speech[] = []
    const show = async (speech: Speech) => {
      said.push(speech)
      return { card: '1', shown: true }
    }
    const dispatch = createDispatch(desk)
    const take = async (order: number, content: Inbound['content']) => {
      await dispatch.handle(inbound(order, content), show)
      return plain(said.at(-1)!.card.text)
    }
    const tap = (order: number, question: string, value: string, revision = 0) =>
      take(order, { kind: 'press', data: `a:sheet000001:${question}:${revision}:${value}`, card: '1' })
    /** Speaks, and is never heard of again. */
    const tapAndDie = async (order: number, question: string, value: string, revision = 0) => {
      const data = `a:sheet000001:${question}:${revision}:${value}`
      const died = new Promise<Speech>((resolve) => {
        void createDispatch(desk).handle(inbound(order, { kind: 'press', data, card: '1' }), (speech) => {
          resolve(speech)
          return new Promise(() => {})
        })
      })
      const speech = await died
      await redis.pexpire(`h:{${ADDRESS}}:lease`, 0)
      return speech
    }
    const session = async () => decodeSession((await redis.get(`h:{${ADDRESS}}:session`))!)!
    await take(1, { kind: 'command', name: 'start', argument: '' })
    return {
      ...opened,
      dispatch,
      said,
      show,
      take,
      tap,
      tapAndDie,
      session,
      answers: () => desk.ledger.history('sheet000001'),
    }
  }

  it('may be answered at once: it need not be brought again', async () => {
    const { tapAndDie } = await open()
    expect((await tapAndDie(2, 'P1-01', 'yes')).done).toBe(true)
  })

  it('is known to the next press, which leads on from there', async () => {
    const { tap, tapAndDie, session, answers } = await open()
    await tapAndDie(2, 'P1-01', 'yes')
    expect(await tap(3, 'P1-02', 'full')).toContain('第 3/92 题')
    const { sheet } = await session()
    expect(sheet!.marks.slice(0, 3).map(({ revision }) => revision)).toEqual([1, 1, 0])
    expect(await answers()).toHaveLength(2)
  })

  /** A channel that notes what is drawn by itself; `fails` so often before it does, and then ends so. */
  const drawing = (fails = 0, end: Edited = 'shown') => {
    const drawn: string[] = []
    let tries = 0
    const editCard = async (address: string, card: string, show: Speech['card']) => {
      tries += 1
      if (tries <= fails) return 'later' as const
      drawn.push(`${address} ${card}: ${plain(show.text)}`)
      return end
    }
    return { drawn, outlet: { ready: () => true, editCard, push: () => Promise.reject(new Error('Expected no push')) } }
  }

  it('is drawn without anybody pressing again, once; words that may be meant for what stood there are asked about', async () => {
    const { desk, clock, dispatch, said, show, tap, tapAndDie, session, answers } = await open()
    await tapAndDie(2, 'P1-01', 'yes')
    const { drawn, outlet } = drawing()
    await drawLeftBehind(desk, { [ADDRESS]: outlet })
    expect(drawn).toEqual([expect.stringMatching(/^telegram:5 1: .*第 2\/92 题/s)])
    expect((await session()).unseen).toBeUndefined()
    await drawLeftBehind(desk, { [ADDRESS]: outlet })
    expect(drawn).toHaveLength(1)
    clock.now += 10_000
    const words = inbound(3, { kind: 'text', text: '完全符合' })
    await dispatch.handle({ ...words, sent: Math.floor(clock.now / 1_000), position: 3 }, show)
    expect(plain(said.at(-1)!.card.text)).toContain('是答这一题的吗')
    expect(await tap(4, 'P1-02', 'full')).toContain('第 3/92 题')
    expect((await answers()).map(({ question }) => question)).toEqual(['P1-01', 'P1-02'])
  })

  it('is drawn the next time where it cannot be drawn, and left to whoever has them in hand', async () => {
    const { desk, tapAndDie, session } = await open()
    await tapAndDie(2, 'P1-01', 'yes')
    const { drawn, outlet } = drawing(1)
    await drawLeftBehind(desk, { [ADDRESS]: outlet })
    expect(drawn).toHaveLength(0)
    expect((await session()).sheet!.cursor).toBe('P1-01')
    await expect.poll(() => redis.exists(`h:{${ADDRESS}}:lease`)).toBe(0)
    const begun = await sessions.begin(ADDRESS, '9')
    if (begun.state === 'busy') throw new Error('busy')
    await drawLeftBehind(desk, { [ADDRESS]: outlet })
    expect(drawn).toHaveLength(0)
    await sessions.release(ADDRESS, begun.lease, true)
    await drawLeftBehind(desk, { [ADDRESS]: outlet })
    expect(drawn).toEqual([expect.stringContaining('第 2/92 题')])
  })

  it('is drawn also where its session was saved already, and its card not shown', async () => {
    const { desk, said } = await open()
    const died = new Promise<void>((resolve) => {
      const leave = { kind: 'press', data: 'z:sheet000001', card: '1' } as const
      void createDispatch(desk).handle(inbound(2, leave), (speech) => {
        said.push(speech)
        resolve()
        return new Promise(() => {})
      })
    })
    await died
    await redis.pexpire(`h:{${ADDRESS}}:lease`, 0)
    const { drawn, outlet } = drawing()
    await drawLeftBehind(desk, { [ADDRESS]: outlet })
    expect(drawn).toEqual([`telegram:5 1: ${plain(said.at(-1)!.card.text)}`])
    expect(drawn[0]).not.toContain('第 1/92 题')
  })

  it('is not taken for shown where its card is gone: words are asked about still', async () => {
    const { desk, take, tapAndDie, session } = await open()
    await tapAndDie(2, 'P1-01', 'yes')
    const { outlet } = drawing(0, 'refused')
    await drawLeftBehind(desk, { [ADDRESS]: outlet })
    expect((await session()).unseen).toBe(true)
    expect(await sessions.leftInHand(ADDRESS)).not.toContain(ADDRESS)
    expect(await take(3, { kind: 'text', text: '完全符合' })).toContain('是答这一题的吗')
  })

  it.each(['append', 'save'] as const)(
    'leaves a note alone whose %s failed: brought again it is taken',
    async (fails) => {
      const { desk, clock, dispatch, take, said, show, answers } = await open()
      await take(2, { kind: 'press', data: 't:sheet000001:P1-01', card: '1' })
      clock.now += 60_000
      const sent = Math.floor(clock.now / 1000)
      const note = { ...inbound(3, { kind: 'text', text: '换届材料在二楼' }), sent, position: 3 }
      const away = () => Promise.reject(new StoreFault('away', true, undefined))
      const without = createDispatch({
        ...desk,
        ...(fails === 'append'
          ? { ledger: { ...desk.ledger, append: away } }
          : { sessions: { ...sessions, save: away } }),
      })
      await expect(without.handle(note, show)).rejects.toBeInstanceOf(StoreFault)
      await expect.poll(() => redis.exists(`h:{${ADDRESS}}:lease`)).toBe(0)
      const { drawn, outlet } = drawing()
      clock.now += 5_000
      await drawLeftBehind(desk, { [ADDRESS]: outlet })
      expect(drawn).toEqual([])
      await expect.poll(() => redis.exists(`h:{${ADDRESS}}:lease`)).toBe(0)
      await dispatch.handle(note, show)
      expect(plain(said.at(-1)!.card.text)).toContain('备注已保存')
      expect((await answers()).map((row) => row.note)).toEqual(['换届材料在二楼'])
    },
  )

  it('is drawn whoever else has to wait', async () => {
    const { desk, tapAndDie } = await open()
    await tapAndDie(2, 'P1-01', 'yes')
    const { drawn, outlet } = drawing()
    const editCard: Outlet['editCard'] = async (...of) => (of[0] === ADDRESS ? outlet.editCard(...of) : 'later')
    const leftInHand = async () => [ADDRESS, ...Array.from({ length: 5 }, (_, n) => `${ADDRESS}${n}`)]
    const busy = {
      session: encodeSession(decodeSession((await redis.get(`h:{${ADDRESS}}:session`))!)!),
      unfinished: true,
    }
    const begin: Sessions['begin'] = async (address, input) => {
      const begun = await sessions.begin(address, input)
      return address === ADDRESS || begun.state === 'busy' ? begun : { ...begun, ...busy }
    }
    const person = () => desk.records.person(ADDRESS)
    const others = { sessions: { ...sessions, leftInHand, begin }, records: { ...desk.records, person } }
    await drawLeftBehind({ ...desk, ...others }, { [ADDRESS]: { ...outlet, editCard } })
    expect(drawn).toEqual([expect.stringContaining('第 2/92 题')])
  })

  it('is drawn from what somebody else has left where they came before it was', async () => {
    const { desk, dispatch, show, tapAndDie } = await open()
    await tapAndDie(2, 'P1-01', 'yes')
    const { drawn, outlet } = drawing()
    let came = false
    const standing = async (...of: Parameters<typeof desk.ledger.history>) => {
      const history = await desk.ledger.history(...of)
      if (came) return history
      came = true
      await redis.del(`h:{${ADDRESS}}:lease`)
      await dispatch.handle(inbound(3, { kind: 'press', data: 'a:sheet000001:P1-02:0:full', card: '1' }), show)
      return history
    }
    await drawLeftBehind({ ...desk, ledger: { ...desk.ledger, history: standing } }, { [ADDRESS]: outlet })
    expect(drawn.map((one) => /第 (.)\/92/.exec(one)![1])).toEqual(['3'])
  })

  it('is known still where somebody has looked meanwhile', async () => {
    const { desk, tapAndDie } = await open()
    await tapAndDie(2, 'P1-01', 'yes')
    for (let look = 0; look < 2; look += 1) {
      const begun = await sessions.begin(ADDRESS, null)
      expect(begun).toMatchObject({ state: 'held', unfinished: true })
      if (begun.state === 'held') await sessions.release(ADDRESS, begun.lease)
    }
    expect(await redis.get(`h:{${ADDRESS}}:hand`)).toBe('2')
    const { drawn, outlet } = drawing()
    await drawLeftBehind(desk, { [ADDRESS]: outlet })
    expect(drawn).toHaveLength(1)
    await sessions.begin(ADDRESS, null)
    expect(await redis.exists(`h:{${ADDRESS}}:hand`)).toBe(0)
  })

  it('is drawn once more where somebody else has come while it was drawn', async () => {
    const { desk, dispatch, show, tapAndDie, session } = await open()
    await tapAndDie(2, 'P1-01', 'yes')
    const { drawn, outlet } = drawing()
    const editCard: Outlet['editCard'] = async (...of) => {
      if (drawn.length === 0) {
        await redis.del(`h:{${ADDRESS}}:lease`)
        const press = { kind: 'press', data: 'a:sheet000001:P1-02:0:full', card: '1' } as const
        await dispatch.handle(inbound(3, press), show)
      }
      return outlet.editCard(...of)
    }
    await drawLeftBehind(desk, { [ADDRESS]: { ...outlet, editCard } })
    expect(drawn.map((one) => /第 (.)\/92/.exec(one)![1])).toEqual(['2', '3'])
    expect((await session()).sheet!.cursor).toBe('P1-03')
  })

  it('draws nothing for somebody who had themselves erased, and forgets what was left of them', async () => {
    const { desk, tapAndDie } = await open()
    await tapAndDie(2, 'P1-01', 'yes')
    await desk.records.erase((await desk.records.person(ADDRESS))!.id)
    const { drawn, outlet } = drawing()
    await drawLeftBehind(desk, { [ADDRESS]: outlet })
    expect(drawn).toEqual([])
    expect(await redis.keys(`h:{${ADDRESS}}:*`)).toEqual([])
  })

  it('is left for the next time where the process stops', async () => {
    const { desk, tapAndDie } = await open()
    await tapAndDie(2, 'P1-01', 'yes')
    const { drawn, outlet } = drawing()
    await drawLeftBehind(desk, { [ADDRESS]: outlet }, () => true)
    expect(drawn).toEqual([])
    expect(await sessions.leftInHand(ADDRESS)).toContain(ADDRESS)
  })

  it('leaves alone whom Redis has lost: their next input makes them anew', async () => {
    const { desk, tapAndDie } = await open()
    await tapAndDie(2, 'P1-01', 'yes')
    await redis.del(`h:{${ADDRESS}}:session`)
    const { drawn, outlet } = drawing()
    await drawLeftBehind(desk, { [ADDRESS]: outlet })
    expect(drawn).toEqual([])
  })

  it('is known to its own double, which changes nothing', async () => {
    const { tap, tapAndDie, answers } = await open()
    await tapAndDie(2, 'P1-01', 'yes')
    expect(await tap(3, 'P1-01', 'yes')).toContain('第 2/92 题')
    expect(await answers()).toHaveLength(1)
  })

  it('fails where its lease is lost while its card waits and Redis is away then; brought again it is drawn', async () => {
    const away = new StoreFault('away', true, undefined)
    let isAway = false
    const { dispatch, take, answers } = await open({
      begin: (...of) => (isAway ? Promise.reject(away) : sessions.begin(...of)),
    })
    const content = { kind: 'press', data: 'a:sheet000001:P1-01:0:yes', card: '1' } as const
    const drawing = dispatch.handle(inbound(2, content), async (speech, _card, stillOurs) => {
      expect(speech.done).toBe(true)
      await sessions.forget(ADDRESS)
      isAway = true
      await stillOurs()
      throw new Error('Expected the lease to be lost')
    })
    await expect(drawing).rejects.toBe(away)
    isAway = false
    // Of whom nothing was left is asked whether they go on.
    expect(await take(2, content)).toContain('已答 1/98 题')
    expect(await answers()).toHaveLength(1)
  })

  it('leaves words in doubt: they are asked about on the question that came after it', async () => {
    const { take, tapAndDie, answers } = await open()
    await tapAndDie(2, 'P1-01', 'yes')
    const asked = await take(3, { kind: 'text', text: '完全符合' })
    expect(asked).toContain('第 2/92 题')
    expect(asked).toContain('收到「完全符合」')
    expect(await answers()).toHaveLength(1)
  })

  it('was a correction: the question that was left for it is asked again, and what was corrected stays', async () => {
    const { tap, take, tapAndDie, answers } = await open()
    await tap(2, 'P1-01', 'yes')
    await tap(3, 'P1-02', 'full')
    await tapAndDie(4, 'P1-01', 'no', 1)
    expect(await take(5, { kind: 'text', text: '完全符合' })).toContain('第 3/92 题')
    expect((await answers()).map(({ question, value }) => [question, value])).toEqual([
      ['P1-01', 'yes'],
      ['P1-02', 'full'],
      ['P1-01', 'no'],
    ])
  })

  it('comes to the same where it is brought again after all, before and after another', async () => {
    const { tap, tapAndDie, session, answers } = await open()
    await tapAndDie(2, 'P1-01', 'yes')
    expect(await tap(2, 'P1-01', 'yes')).toContain('第 2/92 题')
    await tapAndDie(3, 'P1-02', 'full')
    expect(await tap(4, 'P1-03', 'full')).toContain('第 4/92 题')
    expect(await tap(3, 'P1-02', 'full')).toContain('第 4/92 题')
    expect((await session()).sheet!.marks.slice(0, 4).map(({ revision }) => revision)).toEqual([1, 1, 1, 0])
    expect(await answers()).toHaveLength(3)
  })

  it('is known also where the one after it died as well', async () => {
    const { tap, tapAndDie, session } = await open()
    await tapAndDie(2, 'P1-01', 'yes')
    await tapAndDie(3, 'P1-02', 'full')
    expect(await tap(4, 'P1-03', 'full')).toContain('第 4/92 题')
    expect((await session()).sheet!.marks.slice(0, 4).map(({ revision }) => revision)).toEqual([1, 1, 1, 0])
  })

  it('is not answered before it is saved where it leads to another sheet than the session knows', async () => {
    const { desk, tap, tapAndDie } = await open()
    await tap(2, 'P1-01', 'yes')
    const { person } = (await desk.records.sheet('sheet000001'))!
    await redis.set(
      `h:{${ADDRESS}}:session`,
      encodeSession({ ...decodeSession((await redis.get(`h:{${ADDRESS}}:session`))!)!, sheet: null }),
    )
    expect(person).not.toBeNull()
    expect((await tapAndDie(3, 'P1-02', 'full')).done).toBe(false)
  })

  it('is found again where its lease ran out once more, and nobody has come', async () => {
    const { desk, said, tapAndDie, session } = await open()
    await tapAndDie(2, 'P1-01', 'yes')
    const data = 'a:sheet000001:P1-02:0:full'
    await createDispatch(desk).handle(inbound(3, { kind: 'press', data, card: '1' }), async (speech) => {
      said.push(speech)
      if (said.length === 2) await redis.del(`h:{${ADDRESS}}:lease`)
      return { card: '1', shown: true }
    })
    expect(plain(said.at(-1)!.card.text)).toContain('第 3/92 题')
    expect((await session()).sheet!.cursor).toBe('P1-03')
  })

  it('leaves an album alone: what died before anything was written puts no photo in doubt', async () => {
    const { take, desk, said } = await open()
    await take(2, { kind: 'press', data: 'v:sheet000001:P1-01', card: '1' })
    const before = plain(said.at(-1)!.card.text)
    const begun = await sessions.begin(ADDRESS, '3')
    expect(begun.state).toBe('held')
    await redis.pexpire(`h:{${ADDRESS}}:lease`, 0)
    const photo = { kind: 'photo', ref: 'telegram:photo4', name: '4.jpg', mime: 'image/jpeg' } as const
    await take(4, { kind: 'media', evidence: photo, caption: null })
    expect((await desk.ledger.history('sheet000001')).at(-1)?.evidence, before).toHaveLength(1)
  })

  it('leaves an album alone also where a photo was written: it leads nowhere', async () => {
    const { take, desk } = await open()
    await take(2, { kind: 'press', data: 'v:sheet000001:P1-01', card: '1' })
    const photo = (order: number) =>
      ({
        kind: 'media',
        evidence: { kind: 'photo', ref: `telegram:photo${order}`, name: `${order}.jpg`, mime: 'image/jpeg' },
        caption: null,
      }) as const
    const begun = await sessions.begin(ADDRESS, '3')
    expect(begun.state).toBe('held')
    const { person } = (await desk.records.sheet('sheet000001'))!
    await desk.ledger.append({
      ...{
        sheet: 'sheet000001',
        question: 'P1-01',
        revision: 1,
        value: null,
        notApplicable: null,
        note: null,
        raw: null,
      },
      ...{ evidence: [photo(3).evidence], person: person!, channel: 'telegram', input: '3', at: new Date(desk.now()) },
    })
    await redis.pexpire(`h:{${ADDRESS}}:lease`, 0)
    expect(await take(4, photo(4))).toContain('第 1/92 题')
    await take(5, photo(5))
    await take(3, photo(3))
    const refs = (await desk.ledger.history('sheet000001')).at(-1)!.evidence.map(({ ref }) => ref)
    expect(refs).toEqual(['telegram:photo3', 'telegram:photo4', 'telegram:photo5'])
  })

  it('is known where only words were written, whose own input then comes late', async () => {
    let away = false
    const save: Sessions['save'] = (...of) =>
      away ? Promise.reject(new StoreFault('away', true, undefined)) : sessions.save(...of)
    const { take, tap, session, answers } = await open({ save })
    away = true
    await expect(take(2, { kind: 'text', text: '是' })).rejects.toBeInstanceOf(StoreFault)
    away = false
    await expect.poll(() => redis.exists(`h:{${ADDRESS}}:lease`)).toBe(0)
    expect(await tap(3, 'P1-02', 'full')).toContain('第 3/92 题')
    expect(await take(2, { kind: 'text', text: '是' })).not.toContain('没有记录')
    expect((await session()).sheet!.marks.slice(0, 3).map(({ revision }) => revision)).toEqual([1, 1, 0])
    expect(await answers()).toHaveLength(2)
  })

  it('is known on a shared sheet too, whose people go on with what is theirs', async () => {
    const { desk, community, member, round, clock, close } = await openDesk({ sessions })
    onTestFinished(close)
    const own = await community('渝康社区')
    const [worker, other] = [await member('worker', own, { name: '甲' }), await member('worker', own, { name: '乙' })]
    await round([own])
    for (const { address } of [worker, other]) await sessions.forget(address)
    await worker.command('start')
    await worker.press('继续答我的')
    await other.command('start')
    await other.press('继续答我的')
    const first = worker.card().rows[0]![0]!.data
    const died = new Promise<Speech>((resolve) => {
      const press = { kind: 'press', data: first, card: '1' } as const
      const input = { ...inbound(900, press), address: worker.address }
      void createDispatch(desk).handle(input, (speech) => {
        resolve(speech)
        return new Promise(() => {})
      })
    })
    const shown = await died
    expect(shown.done).toBe(true)
    await redis.pexpire(`h:{${worker.address}}:lease`, 0)
    // What others do meanwhile leads nobody anywhere.
    const theirs = other.card().rows[0]![0]!.data
    if (theirs.split(':')[2] !== first.split(':')[2]) await other.pressData(theirs)
    clock.now += 1_000
    await worker.look()
    expect(worker.text()).toContain(
      plain(shown.card.text)
        .split('\n')
        .find((line) => line.includes(' 题'))!,
    )
    const session = decodeSession((await redis.get(`h:{${worker.address}}:session`))!)!
    expect(session.sheet!.cursor).not.toBe(first.split(':')[2])
  })
})
