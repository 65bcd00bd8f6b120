/** The columns of a list of communities, as the template has them and as an import finds them. */
import { plainHeader } from '../rubric-sheet/sheet-spec.js'

export type ColumnKey = 'name' | 'street' | 'households' | 'grids' | 'zone'
export type CommunityColumn = {
  readonly key: ColumnKey
  readonly zh: string
  readonly en: string
  readonly width: number
  readonly required: boolean
}

export const COMMUNITY_COLUMNS: readonly CommunityColumn[] = [
  { key: 'name', zh: '社区名称', en: 'community', width: 28, required: true },
  { key: 'street', zh: '街道', en: 'street', width: 24, required: true },
  { key: 'households', zh: '户数', en: 'households', width: 12, required: false },
  { key: 'grids', zh: '网格数', en: 'grids', width: 12, required: false },
  { key: 'zone', zh: '时区', en: 'time zone', width: 20, required: false },
]

/** The row that a template comes with, by language. As long as it stands unchanged an import leaves it out. */
export const EXAMPLES = {
  'zh-CN': { name: '（示例）幸福社区', street: '（示例）和平街道', households: 3200, grids: 12, zone: 'Asia/Shanghai' },
  en: {
    name: '(Example) Maple Court',
    street: '(Example) River Street',
    households: 3200,
    grids: 12,
    zone: 'Asia/Shanghai',
  },
} as const satisfies Record<string, Record<ColumnKey, string | number>>

/** How an example's names begin; nothing real does. */
export const isMarkedExample = (text: string): boolean => /^[（(](?:示例|example)[）)]/i.test(text)

/** The column that a header names, in either language; blanks, stars and full width do not matter. */
export function columnOf(header: string): CommunityColumn | undefined {
  const text = plainHeader(header)
  return COMMUNITY_COLUMNS.find(({ zh, en }) => plainHeader(zh) === text || plainHeader(en) === text)
}
