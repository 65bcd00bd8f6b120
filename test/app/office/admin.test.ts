/** The admin's pages. */
import { describe, expect, it } from 'vitest'
import { withDesk } from '../../support/desk.js'

describe('x', () => {
  it('x', () =>
    withDesk(async (office) => {
      const c = await office.community('渝康社区')
      await office.round([c])
      const admin = await office.member('admin', null, { name: '周敏' })
      await admin.command('start')
      console.log(admin.page())
      const worker = await office.member('worker', c)
      await worker.command('start')
      console.log(worker.page())
      await worker.crashing(() => worker.press('继续答'))
      console.log(worker.page())
      expect(1).toBe(1)
    }))
})
