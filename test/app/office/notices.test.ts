/** Notices from the first tap to the confirmation, tapped and typed in Chinese on a real database. */
import { describe, expect, it } from 'vitest'
import type { Notice } from '../../../src/app/notices.js'
import { sendingTime } from '../../../src/app/office/notice-pace.js'
import { plain } from '../../../src/app/rich.js'
import { encodeAction } from '../../../src/core/action.js'
import { DAY_MS, START, type TestDesk, type Visitor, withDesk } from '../../support/desk.js'
import { aNotice } from '../notice-fixtures.js'

const admin = (office: TestDesk, name = '周敏') => office.member('admin', null, { name })
const newest = async ({ desk }: TestDesk): Promise<Notice> =>
  (await desk.notices.list(null, { offset: 0, limit: 1 })).items[0]!
const recipients = (office: TestDesk) => office.count('notice_recipient')
const beside = (who: Visitor): string[] => (who.said.at(-1)!.before ?? []).map(({ text }) => plain(text))
const photo = (caption: string | null = null) =>
  ({ kind: 'media', evidence: { kind: 'photo', ref: 'telegram:AgACphoto' }, caption }) as const

/** An admin, a community with a head and two workers, and a draft that says `正文`. */
const withDraft = (use: (office: TestDesk, who: Visitor, community: string) => Promise<void>) =>
  withDesk(async (office) => {
    const community = await office.community('渝康社区')
    await office.member('head', community)
    await office.member('worker', community)
    await office.member('worker', community, { channel: 'web' })
    const who = await admin(office)
    await who.command('notice')
    for (const label of ['写通知', '空白']) await who.press(label)
    await who.type('正文')
    await use(office, who, community)
  })

describe('a notice of the district', () => {
  it('is written, previewed, tested and confirmed', () =>
    withDesk(async (office) => {
      const community = await office.community('渝康社区')
      await office.member('head', community)
      await office.member('worker', community, { channel: 'web', language: 'en' })
      const who = await admin(office)
      expect(await who.command('notice')).toBe('通知 · 全区（0 条）\n还没有通知；点“写通知”。')
      await who.press('写通知')
      expect(who.labels()).toEqual(['空白', '开始评定', '截止临近', '结果公布', '会议', '返回'])
      expect(await who.press('空白')).toContain('通知 1 · 正文（简体中文）\n请发正文')
      const text = '  周五停水\n请提前储水 '
      const bolded = [{ type: 'bold', offset: 2, length: 4 } as const]
      expect(await who.send({ kind: 'text', text, entities: bolded })).toBe(
        [
          '正文已保存，共 10 个字符。',
          '',
          '通知 1 · 全区（草稿）',
          '',
          '正文（简体中文）',
          '周五停水',
          '请提前储水',
          '',
          '正文（English）',
          '（还没有正文）',
          '',
          '附件：没有（直接发照片或文件给我就会附上）',
          '对象：全区所有人（3 人）',
          '发送时间：确认后马上发送',
        ].join('\n'),
      )
      const { id, versions } = await newest(office)
      expect(versions).toEqual({
        'zh-CN': { text: '周五停水\n请提前储水', entities: [{ type: 'bold', offset: 0, length: 4 }] },
      })
      expect(await who.press('预览')).toBe(
        [
          '核对 · 通知 1',
          '对象：全区所有人',
          '收件人：3 人',
          '其中 1 人只用网页，打开时才看到',
          '发完约需：1 秒',
          '发送时间：确认后马上发送',
          '',
          '注意：有 1 人的语言是 English，但没有这种语言的正文，他们会收到另一种语言的。',
        ].join('\n'),
      )
      expect(beside(who)).toEqual(['周五停水\n请提前储水'])
      expect(
        who.said
          .at(-1)!
          .before![0]!.rows.flat()
          .map(({ label }) => label),
      ).toEqual(['已阅'])
      expect(await who.press('发给自己试看')).toContain('已试发给您')
      expect(beside(who)).toEqual(['试发，只有您能看到\n\n周五停水\n请提前储水'])
      expect(await recipients(office)).toBe(0)
      const confirm = who.card().rows[1]![0]!.data
      expect(await who.press('确认发送')).toMatch(/^已确认，现在开始发送。/)
      expect(await recipients(office)).toBe(3)
      // The second half of a double tap, and the same button from yet another page.
      expect(await who.pressData(confirm)).toMatch(/^这条通知已经确认过了，没有再发一次。\n\n通知 1 · /)
      await who.press('名单')
      expect(await who.pressData(confirm)).toContain('这个按钮已经过期')
      expect(await office.count('delivery WHERE notice_id = $1', id)).toBe(3)
      expect(await office.actions()).toEqual(['notice_created', 'notice_changed', 'notice_confirmed'])
      expect(await who.go('manage', '通知')).toMatch(/\[1 · \S+ · 周五停水 请提前储水\]/)
      await who.command('manage')
      const log = await who.press('审计记录')
      expect(log).toContain('周敏：确认发送通知（通知 1）\n收件人：3')
      expect(log).toContain('改通知草稿（通知 1）\n字符数：0 → 10；语言：简体中文')
      expect(log).not.toContain('停水')
    }))

  it('keeps its draft over /cancel and a week, and opens it again from the list', () =>
    withDraft(async (office, who) => {
      await who.command('cancel')
      expect(who.text()).toContain('您好')
      office.clock.now += 7 * DAY_MS
      expect(await who.go('manage', '通知', '1 · 草稿 · 正文')).toContain('通知 1 · 全区（草稿）')
      await who.press('删除草稿')
      expect(await who.press('不，返回')).toContain('（草稿）')
      await who.press('删除草稿')
      expect(await who.crashing(() => who.press('确认删除'))).toBe(
        '草稿已删除。\n\n通知 · 全区（0 条）\n还没有通知；点“写通知”。',
      )
      expect((await office.actions()).at(-1)).toBe('notice_discarded')
    }))

  it('answers what it cannot take with one sentence, and loses nothing', () =>
    withDraft(async (office, who) => {
      expect(await who.type('随便')).toMatch(/^这里不收文字；要改正文，请点“正文”/)
      await who.press('正文：简体中文')
      expect(await who.type('长'.repeat(3501))).toMatch(/^没有保存：正文有 3501 个字符，最多 3500 个/)
      office.clock.now += 10_000
      const place = { kind: 'location', ref: '29.6,106.5' } as const
      expect(await who.send({ kind: 'media', evidence: place, caption: null })).toMatch(
        /^没有保存：这里收文字、一张照片/,
      )
      expect(await who.send({ kind: 'unsupported' })).toMatch(/^没有保存：这里收文字、一张照片/)
      expect((await newest(office)).versions['zh-CN']!.text).toBe('正文')
      await who.type('长'.repeat(3500))
      expect(await who.send({ kind: 'unsupported' })).toMatch(/^没有保存：附件只能是一张照片或一个文件。/)
      expect(await who.send(photo())).toMatch(/^没有附上：有附件时正文最多 900 个字符，现在是 3500 个/)
      expect((await newest(office)).media).toBeNull()
      await who.press('改时间')
      expect(await who.type('嗯')).toMatch(/^没有保存：没看懂这个时间/)
      expect(await who.type('2月30日')).toMatch(/^没有保存：没有这一天/)
      expect(await who.type('2026-11-01 9:00')).toMatch(/^没有保存：这个时间已经过了/)
      expect(await who.send(photo())).toMatch(/^没有保存：这里只收文字/)
      await who.press('换时区')
      expect(await who.type('CST')).toMatch(/^没有保存：没有这个时区/)
      expect((await newest(office)).sendAt).toBeNull()
    }))

  it('takes a photo with its words, another in its place, and lets it go again', () =>
    withDraft(async (office, who) => {
      expect(await who.send(photo('图下的字'))).toMatch(/^附件已保存；附带的文字没有用，因为已有正文。/)
      await who.press('正文：English')
      const caption = { ...photo(' Words '), entities: [{ type: 'italic', offset: 1, length: 5 } as const] }
      expect(await who.send(caption)).toContain('附件：照片')
      const file = { kind: 'file', ref: 'file:3fb1', name: '安排.pdf', mime: 'application/pdf', size: 12 } as const
      expect(await who.send({ kind: 'media', evidence: file, caption: null })).toContain('附件：安排.pdf')
      const draft = await newest(office)
      expect(draft.media).toEqual({ kind: 'file', ref: 'file:3fb1', name: '安排.pdf', mime: 'application/pdf' })
      expect(draft.versions).toEqual({
        'zh-CN': { text: '正文', entities: [] },
        en: { text: 'Words', entities: [{ type: 'italic', offset: 0, length: 5 }] },
      })
      await who.press('正文：简体中文')
      expect(await who.type('长'.repeat(901))).toMatch(/^没有保存：正文有 901 个字符，最多 900 个/)
      await who.press('返回')
      await who.press('预览')
      expect(beside(who)).toEqual(['正文', 'Words'])
      expect(who.said.at(-1)!.before!.map(({ media }) => media?.ref)).toEqual(['file:3fb1', 'file:3fb1'])
      await who.press('返回修改')
      expect(await who.press('去掉附件')).toMatch(/^已去掉附件。/)
      await who.press('正文：English')
      expect(await who.press('去掉正文：English')).toMatch(/^已去掉正文：English。/)
      expect(await newest(office)).toMatchObject({ media: null, versions: { 'zh-CN': { text: '正文' } } })
    }))

  it('begins from a template with what is known of the round, and warns of what is left to fill in', () =>
    withDesk(async (office) => {
      const [in1, out] = [await office.community('渝康社区'), await office.community('天宫殿社区')]
      await office.round([in1])
      await office.member('head', in1)
      await office.member('worker', in1)
      await office.member('head', out)
      const who = await admin(office)
      expect(await who.go('notice', '写通知', '开始评定')).toContain('对象：工作人员、社区负责人；渝康社区（2 人）')
      expect(who.text()).toContain('本次评定从2026-11-22（周日）10:00（Asia/Shanghai）开始')
      expect(who.text()).toContain('this assessment runs from Sun 22 Nov 2026, 10:00 (Asia/Shanghai)')
      expect((await newest(office)).versions['zh-CN']!.entities).toEqual([{ type: 'bold', offset: 0, length: 14 }])
      expect(await who.go('notice', '写通知', '截止临近')).toContain(
        '对象：在“2026年第4季度评定”还有题没答的人（1 人）',
      )
      expect(await who.press('预览')).not.toContain('注意')
      expect(await who.go('notice', '写通知', '会议')).toContain('对象：社区负责人（2 人）')
      expect(await who.press('预览')).toContain('注意：正文里还有没填的〔〕')
      expect(await who.go('notice', '写通知', '结果公布')).toContain('2026年第4季度评定的结果出来了')
      expect(await office.count('notice')).toBe(4)
    }))

  it('is told once whatever is delivered again', () =>
    withDraft(async (office, who) => {
      await who.command('notice')
      await who.press('写通知')
      await who.crashing(() => who.press('会议'))
      expect(await office.count('notice')).toBe(2)
      await who.press('正文：简体中文')
      await who.crashing(() => who.type('新的正文'))
      await who.press('改对象')
      await who.press('✓ 身份')
      await who.crashing(() => who.press('✓ 社区负责人'))
      expect(await newest(office)).toMatchObject({ revision: 3, audience: { roles: [] } })
      await who.press('返回')
      await who.press('返回')
      await who.crashing(() => who.press('预览'))
      expect(await who.crashing(() => who.press('确认发送'))).toMatch(/^已确认，现在开始发送。/)
      expect(await recipients(office)).toBe(4)
      expect((await office.actions()).filter((one) => one === 'notice_confirmed')).toEqual(['notice_confirmed'])
    }))

  it('is only confirmed as it was seen, and only once', () =>
    withDraft(async (office, who) => {
      const other = await admin(office, '李强')
      await who.press('预览')
      await other.go('manage', '通知', '1 · 草稿', '正文：简体中文')
      await other.type('改过的正文')
      expect(await who.press('确认发送')).toMatch(/^没有发送：草稿在您预览之后改过/)
      expect(who.text()).toContain('改过的正文')
      expect(await recipients(office)).toBe(0)
      await who.press('预览')
      await other.press('预览')
      await who.press('确认发送')
      expect(await other.press('确认发送')).toMatch(/^这条通知已经确认过了，没有再发一次。/)
      expect(await recipients(office)).toBe(5)
      expect((await office.actions()).filter((one) => one === 'notice_confirmed')).toHaveLength(1)
      // Its draft is no longer there for anybody.
      const { id } = await newest(office)
      expect(await other.pressData(`P:notice_text:${id}:zh-CN`)).toContain('这个按钮已经过期')
    }))

  it('needs a text and somebody to get it', () =>
    withDesk(async (office) => {
      const who = await admin(office)
      await who.go('notice', '写通知', '空白', '返回')
      expect(await who.press('预览')).toMatch(/^还没有正文，请先点“正文”写上。/)
      await who.press('正文：简体中文')
      await who.type('正文')
      await who.press('改对象')
      await who.press('身份')
      await who.press('○ 评定员')
      await who.press('返回')
      await who.press('返回')
      expect(await who.press('预览')).toContain('注意：现在没有人能收到，请先改对象。')
      expect(who.labels()).toEqual(['发给自己试看', '返回修改'])
      const { id, revision } = await newest(office)
      expect(await who.pressData(`D:notice_confirm:${id}:${revision}`)).toMatch(/^现在没有人能收到/)
      expect((await newest(office)).status).toBe('draft')
    }))
})

describe('who gets it', () => {
  it('is who was seen: where they are others by now, nothing is sent and the new number is shown', () =>
    withDraft(async (office, who, community) => {
      expect(await who.press('预览')).toContain('收件人：4 人')
      const late = await office.member('worker', community)
      expect(await who.press('确认发送')).toMatch(
        /^没有发送：对象有变化，原来 4 人，现在 5 人；请核对后再确认。\n\n核对 · 通知 1\n.*\n收件人：5 人/,
      )
      // As many as before, but not the same.
      await office.desk.records.erase(late.person)
      await office.member('worker', community)
      expect(await who.crashing(() => who.press('确认发送'))).toMatch(/^没有发送：对象有变化，还是 5 人，但换了人/)
      expect(await recipients(office)).toBe(0)
      const { id, revision } = await newest(office)
      expect(await who.pressData(`D:notice_confirm:${id}:${revision}`)).toMatch(/^没有发送：对象有变化/)
      expect(await who.press('确认发送')).toMatch(/^已确认/)
      expect(await recipients(office)).toBe(5)
    }))

  it('keeps the button within its bound for a hundred thousand', () =>
    withDraft(async (office, who) => {
      await who.press('预览')
      const { id } = await newest(office)
      const data = who.card().rows[1]![0]!.data
      expect(data).toMatch(new RegExp(`^D:notice_confirm:${id}:2:4\\.[0-9a-f]{8}$`))
      expect(encodeAction({ do: 'deed', name: 'notice_confirm', args: [id, '999999', '100000.0123abcd'] })).toBeTruthy()
    }))

  it('is confirmed from the check alone', () =>
    withDraft(async (office, who, community) => {
      await who.press('预览')
      const confirm = who.card().rows[1]![0]!.data
      const other = await aNotice(office, community, [who])
      await who.pressData(`P:notice:${other}`)
      expect(await who.pressData(confirm)).toContain('这个按钮已经过期')
      expect((await office.desk.notices.byNumber(1))!.status).toBe('draft')
    }))
})

describe('what comes in parts', () => {
  const draftOf = ({ desk }: TestDesk) => desk.notices.byNumber(1)
  it('of a text that was too long is not taken for the whole', () =>
    withDraft(async (office, who) => {
      await who.press('正文：简体中文')
      expect(await who.type('长'.repeat(4096))).toMatch(/^没有保存：正文有 4096 个字符/)
      const split = /^没有保存：太长的文字被 Telegram 拆成了几条；请把全文缩短后再发。/
      expect(await who.type('长'.repeat(4096))).toMatch(split)
      expect(await who.type('尾巴')).toMatch(split)
      // It was sent right behind the first part, so it stands above the card that refuses that.
      await who.type('尾巴')
      office.clock.now += 60_000
      expect(await who.overtaken({ kind: 'text', text: '尾巴' })).toMatch(split)
      expect((await draftOf(office))!.versions['zh-CN']!.text).toBe('正文')
      office.clock.now += 10_000
      expect(await who.type('短了')).toMatch(/^正文已保存，共 2 个字符。/)
      expect((await draftOf(office))!.versions['zh-CN']!.text).toBe('短了')
    }))

  it('of an album is the first photo, and says so', () =>
    withDraft(async (office, who) => {
      const second = { kind: 'media', evidence: { kind: 'photo', ref: 'telegram:second' }, caption: null } as const
      for (const open of [async () => {}, () => who.press('正文：English')]) {
        await open()
        expect(await who.send(photo())).toMatch(/^附件已保存/)
        expect(await who.overtaken(second)).toMatch(
          /^一条通知只带一个附件，已留下最先发来的那个；要换，请单独再发一次。/,
        )
        expect((await draftOf(office))!.media!.ref).toBe('telegram:AgACphoto')
      }
      // Sent below the card, it is a new one.
      expect(await who.send(second)).toMatch(/^附件已保存/)
      expect((await draftOf(office))!.media!.ref).toBe('telegram:second')
    }))

  it('is too large for the bot to send', () =>
    withDraft(async (office, who) => {
      const MB = 1024 * 1024
      const big = (kind: 'photo' | 'file', size: number) =>
        who.send({ kind: 'media', evidence: { kind, ref: 'file:1', size }, caption: null })
      expect(await big('photo', 10 * MB + 1)).toMatch(/^没有附上：照片最大 10 MB/)
      expect(await big('file', 50 * MB + 1)).toMatch(/^没有附上：文件最大 50 MB/)
      expect((await draftOf(office))!.media).toBeNull()
      await big('file', 50 * MB)
      await who.press('预览')
      // Said by the channel to whoever writes it, where it does not take the file.
      expect(who.said.at(-1)!.before![0]!.unshown).toMatch(/^（附件发不出去/)
      await who.press('发给自己试看')
      expect(who.said.at(-1)!.before![0]!.unshown).toMatch(/^（附件发不出去/)
    }))
})

describe('pages of buttons', () => {
  it('say what they take, and speak of no answers', () =>
    withDraft(async (_office, who) => {
      const says = async (sentence: RegExp) => {
        expect(await who.type('改一下')).toMatch(sentence)
        expect(who.text()).not.toContain('答')
      }
      const typed = /^这里不收文字或文件，请点下面的按钮。/
      await who.press('改对象')
      await says(typed)
      await who.press('身份')
      expect(await who.send(photo())).toMatch(typed)
      await who.press('返回')
      await who.press('返回')
      await who.press('删除草稿')
      await says(typed)
      await who.press('不，返回')
      await who.press('预览')
      await says(/^这里不收文字或文件；要改，请点“返回修改”。/)
      expect(await who.send(photo())).toMatch(/^这里不收文字或文件/)
      await who.press('确认发送')
      await says(typed)
      await who.press('名单')
      await says(typed)
      await who.press('返回')
      await who.press('返回')
      await says(typed)
      await who.press('写通知')
      expect(await who.type('改一下')).toMatch(typed)
    }))
})

describe('how long it takes', () => {
  it('is as fast as the gate, or as the last notice to many went', () =>
    withDraft(async (office, who) => {
      const { desk, pool } = office
      await pool.query(`INSERT INTO person (id, language) SELECT 'many' || i, 'zh-CN' FROM generate_series(1, 60) AS i`)
      const many = Array.from({ length: 60 }, (_, i) => ({ person: `many${i + 1}` }) as Visitor)
      const earlier = await aNotice(office, null, many)
      expect(await sendingTime(desk, 2000)).toBe(70_000)
      // Sent within so many seconds.
      const lasted = (seconds: number) =>
        pool.query(
          `UPDATE delivery SET status = 'sent', settled_at = to_timestamp($2::float + $3::float * (row.n - 1) / 59)
            FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM delivery WHERE notice_id = $1) AS row
            WHERE row.id = delivery.id`,
          [earlier, START / 1000 - 3600, seconds],
        )
      await lasted(6)
      expect(await sendingTime(desk, 2000)).toBe(200_000)
      await who.press('预览')
      expect(who.text()).toContain('发完约需：1 秒')
      // Faster than the gate lets through now, and so slow that somebody must have opened the page much later.
      for (const seconds of [1, 600]) {
        await lasted(seconds)
        expect(await sendingTime(desk, 2000)).toBe(70_000)
      }
    }))
})

describe('the time of sending', () => {
  it('is taken as people say it', () =>
    withDraft(async (office, who) => {
      const sendAt = async () => (await newest(office)).sendAt?.toISOString()
      for (const [text, at] of [
        ['明天', '2026-11-24T01:00:00.000Z'],
        ['12月15日', '2026-12-15T01:00:00.000Z'],
        ['半小时后', '2026-11-23T02:30:00.000Z'],
        ['两个小时后', '2026-11-23T04:00:00.000Z'],
        ['马上', undefined],
        ['in 30 minutes', '2026-11-23T02:30:00.000Z'],
        ['Now!', undefined],
        ['现在', undefined],
        ['立即发送', undefined],
      ] as const) {
        await who.press('改时间')
        office.clock.now = START
        await who.type(text)
        expect(await sendAt(), text).toBe(at)
      }
    }))

  it('is on the clock of a zone by whatever name', () =>
    withDraft(async (office, who) => {
      await who.press('改时间')
      for (const [text, zone] of [
        ['europe/berlin', 'Europe/Berlin'],
        ['上海', 'Asia/Shanghai'],
        ['EUROPE/BERLIN', 'Europe/Berlin'],
        ['北京', 'Asia/Shanghai'],
      ] as const) {
        await who.press('换时区')
        expect(await who.type(text)).toMatch(new RegExp(`^已保存，时区：${zone}。`))
        expect((await newest(office)).timeZone).toBe(zone)
      }
    }))

  it('is night where the people are, whatever clock it was typed on', () =>
    withDraft(async (office, who) => {
      await who.press('改时间')
      await who.press('换时区')
      await who.type('Europe/Berlin')
      // 23:00 in Berlin is 6:00 the next day in Shanghai; 8:00 there is 15:00.
      expect(await who.type('明天 23:30')).toContain('发送会落在 22:00')
      expect(await who.press('预览')).toContain('注意：发送会落在 22:00')
      await who.press('返回修改')
      await who.press('改时间')
      expect(await who.type('2026-11-24 00:30')).not.toContain('22:00')
      expect(await who.press('预览')).not.toContain('22:00')
      expect((await newest(office)).sendAt!.toISOString()).toBe('2026-11-23T23:30:00.000Z')
    }))

  it('is echoed with day, weekday and zone, over a change of the clock too', () =>
    withDraft(async (office, who) => {
      await who.press('改时间')
      expect(await who.press('明天 9:00')).toMatch(/^已保存，发送时间：2026-11-24（周二）09:00（Asia\/Shanghai）。\n\n/)
      await who.press('改时间')
      expect(await who.press('下周一 9:00')).toMatch(/^已保存，发送时间：2026-11-30（周一）09:00（Asia\/Shanghai）。/)
      await who.press('改时间')
      await who.press('换时区')
      expect(await who.type('Europe/Berlin')).toMatch(
        /^已保存，时区：Europe\/Berlin；发送时间还是同一刻，即 2026-11-30（周一）02:00（Europe\/Berlin）。/,
      )
      // In the night of 28 March 2027 the clock goes from 2:00 to 3:00.
      expect(await who.type('2027-03-28 02:30')).toContain('2027-03-28（周日）03:00（Europe/Berlin）')
      await who.press('改时间')
      expect(await who.type('2027-03-29 9:00')).toMatch(
        /^已保存，发送时间：2027-03-29（周一）09:00（Europe\/Berlin）。\n\n/,
      )
      expect((await newest(office)).sendAt!.toISOString()).toBe('2027-03-29T07:00:00.000Z')
      expect(await who.press('预览')).toContain('发送时间：2027-03-29（周一）09:00（Europe/Berlin）')
      expect(await who.press('确认定时发送')).toMatch(/^已确认，将在2027-03-29（周一）09:00（Europe\/Berlin）发送。/)
      expect(await office.count(`delivery WHERE due_at = '2027-03-29T07:00:00Z'`)).toBe(4)
    }))

  it('is warned about in the night, but allowed', () =>
    withDraft(async (office, who) => {
      await who.press('改时间')
      const quiet = '发送会落在 22:00 到次日 7:00（Asia/Shanghai）'
      expect(await who.type('明天 23:00')).toContain(quiet)
      expect(await who.press('预览')).toContain(`注意：${quiet}`)
      await who.press('返回修改')
      await who.press('改时间')
      office.clock.now = START + 13 * 60 * 60 * 1000
      expect(await who.press('确认后马上发送')).toMatch(new RegExp(`^已保存，发送时间：确认后马上发送。\n${quiet}`))
      await who.press('预览')
      expect(await who.press('确认发送')).toMatch(/^已确认/)
    }))

  it('is asked for again once it has passed, and nothing is sent', () =>
    withDraft(async (office, who) => {
      await who.press('改时间')
      const tomorrow = who.card().rows[1]![0]!.data
      await who.press('明天 9:00')
      await who.press('预览')
      office.clock.now += DAY_MS
      expect(await who.press('确认定时发送')).toMatch(
        /^定的发送时间（2026-11-24（周二）09:00（Asia\/Shanghai）） ?已经过了，没有发送/,
      )
      expect(who.labels()).toContain('明天 9:00')
      expect(await who.pressData(tomorrow)).toMatch(/^没有保存：这个时间已经过了/)
      await who.press('返回')
      expect(await who.press('预览')).toMatch(/^定的发送时间/)
      expect(await recipients(office)).toBe(0)
      await who.press('确认后马上发送')
      await who.press('预览')
      await who.press('确认发送')
      expect(await recipients(office)).toBe(4)
    }))
})

describe('a notice of a community', () => {
  it('is written by its head, for nobody else', () =>
    withDesk(async (office) => {
      const [own, other] = [await office.community('渝康社区'), await office.community('天宫殿社区')]
      await office.round([own, other])
      await office.member('worker', own)
      await office.member('worker', other)
      await admin(office)
      const head = await office.member('head', own, { name: '王芳' })
      await head.command('start')
      expect(await head.press('通知')).toBe('通知 · 渝康社区（0 条）\n还没有通知；点“写通知”。')
      await head.press('写通知')
      expect(await head.press('截止临近')).toContain('对象：在“2026年第4季度评定”还有题没答的人（1 人）')
      await head.press('改对象')
      expect(head.labels()).toEqual(['身份', '岗位', '✓ 还有题没答', '没读某条通知', '清空，发给所有人', '返回'])
      expect(await head.press('清空，发给所有人')).toContain('渝康社区所有人\n\n现在是 2 人')
      await head.press('身份')
      expect(head.labels()).toEqual(['○ 工作人员', '○ 社区负责人', '○ 评定员', '返回'])
      const { id } = await newest(office)
      expect(await head.pressData(`D:notice_pick:${id}:roles:admin:on:0`)).toContain('这个按钮已经过期')
      expect(await head.pressData(`D:notice_pick:${id}:communities:${other}:on:0`)).toContain('这个按钮已经过期')
      await head.press('返回')
      await head.press('返回')
      await head.press('预览')
      await head.press('确认发送')
      const community = await office.count(
        'notice_recipient JOIN membership USING (person_id) WHERE membership.community_id = $1',
        own,
      )
      expect([community, await recipients(office)]).toEqual([2, 2])
      expect(await head.go('start', '通知')).toContain('[1 · ')
    }))

  it('and the district’s are closed to the heads of others', () =>
    withDesk(async (office) => {
      const [own, other] = [await office.community('渝康社区'), await office.community('天宫殿社区')]
      const head = await office.member('head', own)
      const theirs = await office.member('head', other)
      const boss = await admin(office)
      await theirs.go('notice', '写通知', '会议')
      await boss.go('notice', '写通知', '会议')
      const { items } = await office.desk.notices.list(null, { offset: 0, limit: 9 })
      const revisions = () =>
        office.desk.notices
          .list(null, { offset: 0, limit: 9 })
          .then((page) => page.items.map(({ revision }) => revision))
      const was = await revisions()
      // From a page of their own that offers such a button.
      await head.go('notice', '写通知', '会议', '预览')
      for (const { id } of items)
        for (const data of [
          `P:notice_draft:${id}`,
          `P:notice_text:${id}:zh-CN`,
          `P:notice_check:${id}:1`,
          `D:notice_confirm:${id}:1`,
          `D:notice_preview:${id}`,
          `D:notice_test:${id}`,
          `D:notice_discard:${id}:${own}`,
          `D:notice_at:${id}:now`,
        ])
          expect(await head.pressData(data)).toContain('您没有这项权限')
      for (const place of [other, 'district'])
        for (const data of [`P:notices:${place}:0`, `D:notice_new:${place}:meeting`])
          expect(await head.pressData(data)).toContain('您没有这项权限')
      expect((await revisions()).slice(1)).toEqual(was)
      expect(await recipients(office)).toBe(0)
      // An admin sees all of them, each with its place.
      expect(await boss.go('manage', '通知')).toMatch(
        /\[3 · 草稿 · 渝康社区 · .*\n\[2 · 草稿 · 会议通知.*\n\[1 · 草稿 · 天宫殿社区 · /,
      )
    }))
})
