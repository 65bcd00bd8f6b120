/** `npm run admin` as people run it: real processes, on both homes of the data, also while the program runs. */
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type pg from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openPglite } from '../../src/store/pglite.js'
import {
  admin,
  adminHere,
  type Env,
  fileOf,
  folder,
  HEADER,
  HOMES,
  type Home,
  startServer,
  textsOf,
  workbookOf,
} from './support.js'

/** Each starts a process, and each process a database. */
const SLOW_MS = 120_000
const LIST = [
  HEADER,
  ['渝康社区', '礼嘉街道', 3200, 12, 'Asia/Urumqi'],
  ['嘉和社区', '礼嘉街道', null, 8],
  ['渝康社区', '大竹林街道'],
]

const codeOf = (text: string) => /\/start ([A-Za-z0-9_-]{24})(?![A-Za-z0-9_-])/.exec(text)?.[1] ?? ''
const hash = (code: string) => createHash('sha256').update(code).digest('hex')

async function communities(pool: pg.Pool) {
  const { rows } = await pool.query('SELECT name, street, households, grids, time_zone AS zone FROM community')
  return rows
    .map(({ street, name, households, grids, zone }) => `${street} ${name} ${households} ${grids} ${zone}`)
    .sort()
}
async function changes(pool: pg.Pool) {
  const { rows } = await pool.query('SELECT action, person_id AS person, after FROM audit ORDER BY at, id')
  return rows as { action: string; person: string | null; after: Record<string, unknown> }[]
}
async function invitation(pool: pg.Pool, code: string) {
  const { rows } = await pool.query(
    `SELECT role, name, max_uses AS uses, created_by AS by,
      round(extract(epoch FROM expires_at - invitation.created_at) / 86400)::int AS days
      FROM invitation LEFT JOIN community ON community.id = community_id WHERE code_hash = $1`,
    [hash(code)],
  )
  return rows[0] as unknown
}

describe.each(HOMES)('on $home', ({ open }) => {
  let home: Home
  beforeEach(async () => {
    home = await open()
  })
  afterEach(() => home.remove())

  it('invites the first admin, and later heads of a community, by its name', { timeout: SLOW_MS }, async () => {
    const { env, look } = home
    const first = await admin({ ...env, PORT: '9999' }, 'invite')
    expect(first).toMatchObject({ code: 0, err: '' })
    const code = codeOf(first.out)
    expect(first.out).toContain(`网页：http://127.0.0.1:9999/i/${code}\n`)
    expect(first.out).not.toContain('t.me')
    expect(first.out).toContain('可用 1 次')
    expect(await look((pool) => invitation(pool, code))).toEqual({
      role: 'admin',
      name: null,
      uses: 1,
      by: null,
      days: 7,
    })

    expect((await admin(env, 'import', await workbookOf(LIST))).code).toBe(0)
    const head = (...more: string[]) => admin(env, 'invite', '--role', 'head', ...more)
    const none = await head('--community', '渝康')
    expect(none.code).toBe(1)
    expect(none.err).toMatch(/没有名为“渝康”.*\n.*大竹林街道 渝康社区、礼嘉街道 渝康社区/)
    expect((await head('--community', '渝康社区')).err).toContain('不止一个')
    const one = await head('--community', '大竹林街道 渝康社区', '--uses', '3', '--days', '2')
    expect(one.code).toBe(0)

    await look((pool) => pool.query(`INSERT INTO setting VALUES ('bot_username', 'hexie_bot')`))
    const english = await admin(
      { ...env, DEFAULT_LANGUAGE: 'en', PUBLIC_URL: 'https://hexie.example.cn/' },
      'invite',
      '--role',
      'worker',
      '--community',
      '嘉和社区',
    )
    const working = codeOf(english.out)
    expect(english.out).toContain(`Telegram: https://t.me/hexie_bot?start=${working}\n`)
    expect(english.out).toContain(`Web: https://hexie.example.cn/i/${working}\n`)
    await look(async (pool) => {
      expect(await invitation(pool, codeOf(one.out))).toMatchObject({
        role: 'head',
        name: '渝康社区',
        uses: 3,
        days: 2,
      })
      expect(await invitation(pool, working)).toMatchObject({ role: 'worker', name: '嘉和社区', uses: 1, days: 7 })
      const done = await changes(pool)
      expect(done.map(({ action }) => action)).toEqual([
        'invitation_created',
        'communities_imported',
        'invitation_created',
        'invitation_created',
      ])
      expect(done.every(({ person }) => person === null)).toBe(true)
      expect(JSON.stringify(done)).not.toContain(code)
    })
  })

  it('imports, links and imports again, all or none', { timeout: SLOW_MS }, async () => {
    const { env, look } = home
    const file = await workbookOf(LIST)
    const links = join(folder(), 'links.xlsx')
    expect(await admin(env, 'import', file, '--check')).toMatchObject({ code: 0, err: '' })
    const done = await admin(env, 'import', file, '--links', links)
    expect(done).toMatchObject({ code: 0, err: '' })
    expect(done.out).toContain('新建 3 个，更新 0 个')
    expect(statSync(links).mode & 0o777).toBe(0o600)
    const [header, ...rows] = await textsOf(links)
    expect(header).toEqual([
      '社区名称',
      '街道',
      '社区负责人：网页链接',
      '社区负责人：发给机器人的话',
      '工作人员：网页链接',
      '工作人员：发给机器人的话',
      '有效期至',
    ])
    expect(rows.map(([name, street]) => `${street} ${name}`)).toEqual([
      '礼嘉街道 渝康社区',
      '礼嘉街道 嘉和社区',
      '大竹林街道 渝康社区',
    ])
    expect(rows[0]![6]).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d \(UTC\+6\)$/)
    const [first] = rows
    await look(async (pool) => {
      expect(await communities(pool)).toEqual([
        '大竹林街道 渝康社区 null null Asia/Shanghai',
        '礼嘉街道 嘉和社区 null 8 Asia/Shanghai',
        '礼嘉街道 渝康社区 3200 12 Asia/Urumqi',
      ])
      const own = { name: '渝康社区', by: null, days: 30 }
      expect(await invitation(pool, codeOf(first![3]!))).toEqual({ ...own, role: 'head', uses: 1 })
      expect(await invitation(pool, codeOf(first![5]!))).toEqual({ ...own, role: 'worker', uses: null })
      expect((await changes(pool))[0]).toEqual({
        action: 'communities_imported',
        person: null,
        after: { communities: 3 },
      })
    })

    const faulty = await admin(
      env,
      'import',
      fileOf('社区名称,街道,户数\n新社区,礼嘉街道,\n坏社区,,x\n', 'x.csv'),
      '--links',
      links,
    )
    expect(faulty).toEqual({
      code: 1,
      out: '',
      err: 'B3：必填，不能为空\nC3：应为 0 到 1000000 的整数，不清楚就空着；现在是“x”\n共 2 个问题，什么都没有写入；改好后再导入。\n',
    })
    const again = fileOf('社区名称,街道,户数\n渝康社区,礼嘉街道,4000\n新社区,礼嘉街道,\n', 'x.csv')
    const kept = await admin(env, 'import', again, '--links', links)
    expect(kept).toMatchObject({ code: 2, out: '' })
    expect(kept.err).toContain('已存在')
    const other = join(folder(), 'links.csv')
    const updated = await admin({ ...env, PUBLIC_URL: 'https://hexie.example.cn' }, 'import', again, '--links', other)
    expect(updated.out).toContain('新建 1 个，更新 1 个')
    expect(readFileSync(other, 'utf8')).toMatch(
      /^\ufeff社区名称,街道,.*\r\n渝康社区,礼嘉街道,https:\/\/hexie.example.cn\/i\//,
    )
    expect(await look(communities)).toEqual([
      '大竹林街道 渝康社区 null null Asia/Shanghai',
      '礼嘉街道 嘉和社区 null 8 Asia/Shanghai',
      '礼嘉街道 新社区 null null Asia/Shanghai',
      '礼嘉街道 渝康社区 4000 12 Asia/Urumqi',
    ])
  })
})

describe('while the program runs on the embedded database', () => {
  it('the program does it', { timeout: SLOW_MS }, async () => {
    const { env, look, remove } = await HOMES[0]!.open()
    const server = await startServer({ ...env, PUBLIC_URL: 'http://localhost:4444' })
    const note = join(env.DATA_DIR!, 'server.json')
    expect(statSync(note).mode & 0o777).toBe(0o600)
    const { url, key } = JSON.parse(readFileSync(note, 'utf8')) as { url: string; key: string }
    const post = async (headers: Record<string, string>) =>
      (
        await fetch(`${url}/admin/command`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers },
          body: '{}',
        })
      ).status
    expect(await post({})).toBe(401)
    expect(await post({ authorization: 'Bearer wrong' })).toBe(401)
    expect(await post({ authorization: `Bearer ${key}`, origin: 'https://evil.example' })).toBe(403)
    expect(await post({ authorization: `Bearer ${key}`, 'x-forwarded-for': '192.0.2.7' })).toBe(403)

    const many = [HEADER, ...Array.from({ length: 120 }, (_, i) => [`第${i + 1}社区`, '礼嘉街道'])]
    const links = join(folder(), 'links.xlsx')
    const done = await admin(env, 'import', await workbookOf(many), '--links', links)
    expect(done).toMatchObject({ code: 0, err: '' })
    expect(done.out).toContain('新建 120 个')
    expect(await textsOf(links)).toHaveLength(121)
    const invited = await admin(env, 'invite', '--role', 'head', '--community', '第7社区')
    // The program knows under which address it is reached.
    expect(invited.out).toContain('网页：http://localhost:4444/i/')
    expect((await admin(env, 'invite', '--role', 'head', '--community', '没有')).code).toBe(1)
    await server.stop()
    expect(existsSync(note)).toBe(false)
    await look(async (pool) => {
      expect(await communities(pool)).toHaveLength(120)
      expect(await invitation(pool, codeOf(invited.out))).toMatchObject({ role: 'head', name: '第7社区' })
    })
    await remove()
  })

  it('another program in the way is named, and nothing is left behind', { timeout: SLOW_MS }, async () => {
    const { env, remove } = await HOMES[0]!.open()
    const { close } = await openPglite({ directory: join(env.DATA_DIR!, 'pglite') })
    const links = join(folder(), 'links.xlsx')
    const { code, out, err } = await admin(env, 'import', await workbookOf(LIST), '--links', links)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toMatch(/^另一个程序正在使用 .*；请先退出它，再试一次。\n$/)
    expect(existsSync(links)).toBe(false)
    await close()
    await remove()
  })
})

describe('the command line', () => {
  const nowhere: Env = { DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/none' }
  it.each([
    [[], '请写明要做什么'],
    [['invti'], '没有“invti”这个命令'],
    [['invite', '--rol', 'head'], '看不懂的参数'],
    [['invite', '--check'], '不用 --check'],
    [['invite', '--role', 'owner'], '没有“owner”这个身份'],
    [['invite', '--role', 'head'], '要写明社区'],
    [['invite', '--community', '渝康社区'], '属于全区'],
    [['invite', '--uses', '0'], '--uses 要一个 1 到 10000 的整数'],
    [['invite', '--days', '1.5'], '--days 要一个 1 到 365 的整数'],
    [['import'], '需要 1 个参数'],
    [['import', 'x.xlsx', '--links', 'x.txt'], '应以 .xlsx 或 .csv 结尾'],
  ])('shows its usage for %j', async (argv, words) => {
    const { code, out, err } = await adminHere(nowhere, ...argv)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain(words)
    expect(err).toContain('用法：npm run admin')
  })

  it('gives its exit code to the shell', async () => {
    expect(await admin(nowhere, 'help')).toMatchObject({ code: 0, err: '' })
    expect(await admin(nowhere, 'nonsense')).toMatchObject({ code: 2, out: '' })
  })

  it('helps without a database, and says in one sentence what is wrong with one, or with the settings', async () => {
    for (const argv of [['help'], ['--help'], ['invite', '-h']])
      expect(await adminHere(nowhere, ...argv)).toMatchObject({ code: 0, err: '' })
    const down = await adminHere(nowhere, 'invite')
    expect({ ...down, err: down.err.split('\n').length }).toEqual({ code: 1, out: '', err: 2 })
    expect(await adminHere({ PORT: 'x' }, 'invite')).toMatchObject({ code: 2, out: '' })
    expect((await adminHere(nowhere, 'import', '/nowhere.xlsx')).err).toBe('找不到文件 /nowhere.xlsx\n')
  })

  it('says that the bot has no name yet where there is a bot', { timeout: SLOW_MS }, async () => {
    const { env, remove } = await HOMES[0]!.open()
    const { code, out } = await admin({ ...env, BOT_TOKEN: '1:x' }, 'invite')
    expect(code).toBe(0)
    expect(out).toContain('还不知道机器人的用户名')
    await remove()
  })

  it('writes a template that can be imported as it is filled in', async () => {
    const file = join(folder(), '社区名单.xlsx')
    expect((await adminHere(nowhere, 'template', file)).code).toBe(0)
    expect((await adminHere(nowhere, 'template', file)).err).toContain('已存在')
    expect((await adminHere(nowhere, 'template', 'x.csv')).code).toBe(2)
    expect((await textsOf(file))[0]).toEqual(['社区名称 *', '街道 *', '户数', '网格数', '时区'])
    const { code, err } = await adminHere(nowhere, 'import', file, '--check')
    expect({ code, err }).toEqual({ code: 1, err: expect.stringMatching(/A2：示例行.*\nA1：没有社区/) })
  })
})

describe('LibreOffice', () => {
  const there = spawnSync('soffice', ['--version']).status === 0
  it.skipIf(!there && !process.env.CI)(
    `opens the template and the links${there ? '' : ' (skipped: soffice is not installed)'}`,
    { timeout: SLOW_MS },
    async () => {
      const { env, remove } = await HOMES[1]!.open()
      const [template, links, out] = [join(folder(), 'template.xlsx'), join(folder(), 'links.xlsx'), folder()]
      expect((await admin(env, 'template', template)).code).toBe(0)
      expect((await admin(env, 'import', await workbookOf(LIST), '--links', links)).code).toBe(0)
      await remove()
      const convert = (to: string, ...files: string[]) =>
        execFileSync(
          'soffice',
          ['--headless', `-env:UserInstallation=file://${out}/profile`, '--convert-to', to, '--outdir', out, ...files],
          { stdio: 'pipe', timeout: 100_000 },
        )
      mkdirSync(join(out, 'profile'))
      convert('csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1', template, links)
      const csv = (name: string) => readFileSync(join(out, name), 'utf8')
      expect(csv('template-社区.csv')).toContain(
        '社区名称 *,街道 *,户数,网格数,时区\n（示例）幸福社区,（示例）和平街道,3200,12,Asia/Shanghai',
      )
      expect(csv('template-填写说明.csv')).toContain('社区名称,必填,')
      expect(csv('links-邀请链接.csv')).toMatch(
        /渝康社区,礼嘉街道,http:\/\/127\.0\.0\.1:8080\/i\/[\w-]{24},\/start [\w-]{24},/,
      )
      // What LibreOffice makes of the template is a template still.
      convert('xlsx', template)
      const { err } = await admin(env, 'import', join(out, 'template.xlsx'), '--check')
      expect(err).toMatch(/A2：示例行.*\nA1：没有社区/)
    },
  )
})
