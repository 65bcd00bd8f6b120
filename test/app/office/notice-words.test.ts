/** Why somebody did not get a notice: in the list and in the file alike. */
import { expect, it } from 'vitest'
import { reasonText } from '../../../src/app/office/notice-words.js'
import { UNSENT_REASONS } from '../../../src/core/notice.js'
import { type Visitor, withDesk } from '../../support/desk.js'
import { aNotice, seededChange, sendAll } from '../notice-fixtures.js'

it('has words in every language for the reasons of the program, and leaves those of a channel alone', () =>
  withDesk(async ({ desk }) => {
    for (const language of desk.locales.languages) {
      const say = desk.locales.in(language)
      const words = UNSENT_REASONS.map((reason) => reasonText(say, reason))
      expect(new Set(words).size).toBe(UNSENT_REASONS.length)
      expect(words.filter((text) => text.includes('unsent'))).toEqual([])
      expect(reasonText(say, 'Bad Request: chat not found')).toBe('Bad Request: chat not found')
    }
  }))

it('is told of those who have left, and of those who shut the bot out another way', () =>
  withDesk(async (office) => {
    const community = await office.community('渝康社区')
    const head = await office.member('head', community, { name: '李书记' })
    const [wang, zhao] = [
      await office.member('worker', community, { name: '王芳' }),
      await office.member('worker', community, { name: '赵强' }),
    ] as [Visitor, Visitor]
    const notice = await aNotice(office, community, [wang, zhao])
    const { id } = (await office.desk.members.memberships(wang.person))[0]!
    await office.desk.members.end(id, { anonymous: false }, seededChange(office, `membership:${id}`))
    await office.desk.records.setReachable(zhao.address, false, new Date(office.clock.now))
    expect(await sendAll(office)).toEqual([])
    await head.pressData(`P:notice:${notice}`)
    expect(head.text()).toContain('已发完')
    expect(head.text()).toContain('屏蔽了机器人：1 人')
    expect(head.text()).not.toContain('等本人打开网页')
    await head.press('名单')
    expect(head.text()).toMatch(/王芳（.*）：没有送到；发送前已离开/)
    expect(head.text()).toContain('赵强（渝康社区）：屏蔽了机器人')
    await head.press('导出 CSV')
    const text = new TextDecoder().decode(head.said.at(-1)!.file!.bytes)
    expect(text).toMatch(/王芳,.*,没有送到,,,发送前已离开\r\n/)
    expect(text).toContain('赵强,渝康社区,屏蔽了机器人,,,\r\n')
  }))
