/** The columns of sheet 《指标》, one row an indicator, in the order in which they are written. */
import { type Column, SOURCES, YESNO } from './sheet-spec.js'

/** Answer types in the words of the sheet. */
export const TYPES = { level4: '四档', yesno: '是否', percent: '百分比', threshold: '数值', deduct: '扣分' } as const

type Rest = Omit<Column, 'key' | 'header' | 'width' | 'group' | 'what' | 'kind' | 'need'>
const column =
  (group: string, kind: Column['kind'], need: Column['need']) =>
  (key: string, header: string, width: number, what: string, rest: Rest = {}): Column => ({
    key,
    header,
    width,
    group,
    kind,
    need,
    what,
    ...rest,
  })

const place = (kind: Column['kind']) => column('层级', kind, 'when')
const scoring = (kind: Column['kind'], need: Column['need'] = 'when') => column('计分', kind, need)
const source = column('出处', 'choice', 'no')
const words = (kind: Column['kind'], need: Column['need'] = 'yes') => column('问法和材料', kind, need)
const english = (kind: Column['kind']) => column('英文', kind, 'no')

const asAbove = '留空(或合并单元格)表示同上一行'
const oneLine = '一格内每条一行(Alt+Enter 换行)'
const copied = '留空则照抄中文并给出提醒'
const allowed = SOURCES.join('、')

export const INDICATOR_COLUMNS: readonly Column[] = [
  place('id')('first', '一级编号', 9, `所属一级指标的编号,与《一二级指标》一致;${asAbove}`, {
    example: 'P',
    source: 'p.placement',
  }),
  place('text')('firstName', '一级名称', 11, '所属一级指标的名称,写了就必须与《一二级指标》一致', {
    example: '党建引领',
    source: 'p.placement',
  }),
  place('id')('second', '二级编号', 9, `所属二级指标的编号,与《一二级指标》一致;${asAbove}`, {
    example: 'P1',
    source: 'p.placement',
  }),
  place('text')('secondName', '二级名称', 11, '所属二级指标的名称,写了就必须与《一二级指标》一致', {
    example: '组织体系',
    source: 'p.placement',
  }),
  column('指标', 'id', 'yes')('id', '编号', 9, '三级指标的编号,全表唯一;发布后不改、不重用', {
    also: ['三级编号', '指标编号', '三级指标编号'],
    allowed: '字母开头,只含字母、数字、连字符,最多 12 个字符',
    example: 'P1-01',
  }),
  column('指标', 'text', 'yes')('title', '指标名称', 18, '三级指标的短名称', {
    also: ['名称', '三级名称', '三级指标'],
    allowed: '1 至 40 字',
    example: '按期换届',
    source: 'p.requirement',
  }),
  column('指标', 'text', 'yes')('requirement', '要求', 44, '标准对这一项的要求,照抄官方表', {
    also: ['评定要求', '指标要求'],
    allowed: '1 至 600 字',
    source: 'p.requirement',
  }),
  scoring('number', 'yes')('points', '分值', 8, '这一项的满分;所有分值之和必须等于《设置》里的总分', {
    allowed: '大于 0 的数',
    example: '12',
    source: 'p.points',
  }),
  scoring('choice', 'yes')(
    'type',
    '题型',
    9,
    '四档=完全/基本/部分/不符合;是否=达到或没达到;百分比、数值=填数按线折算;扣分=每发生一次扣分',
    {
      choices: Object.values(TYPES),
      example: '百分比',
      source: 'p.scoring',
    },
  ),
  scoring('number')('target', '满分值', 8, '达到这个数得满分(百分比按 0 至 100 填)', {
    also: ['目标值'],
    allowed: '题型为百分比、数值时必填,其余留空',
    example: '100',
    source: 'p.target',
  }),
  scoring('number')('floor', '零分值', 8, '到这个数(或更差)得 0 分,中间按比例;可以比满分值大(越小越好的指标)', {
    also: ['底线值'],
    allowed: '题型为百分比、数值时必填,其余留空',
    example: '50',
    source: 'p.target',
  }),
  scoring('text')('unit', '单位', 8, '填数时的单位', {
    allowed: '题型为数值、扣分时必填,最多 12 字;百分比留空',
    example: '次',
    source: 'p.scoring',
  }),
  scoring('number', 'no')('decimals', '小数位', 8, '填数最多几位小数,留空为 0', {
    allowed: '百分比、数值:0、1 或 2',
    example: '1',
    source: 'p.scoring',
  }),
  scoring('number')('per', '每次扣分', 8, '超出免扣次数后,每一次扣几分', {
    allowed: '题型为扣分时必填,大于 0',
    example: '2',
    source: 'p.scoring',
  }),
  scoring('number', 'no')('free', '免扣次数', 8, '前几次不扣分,留空为 0', {
    allowed: '题型为扣分时可填,0 或正整数',
    example: '1',
    source: 'p.scoring',
  }),
  scoring('bands')(
    'bands',
    '分档扣分',
    14,
    '不按比例而按档扣分时填:“起点:扣几分”,从高到低;最低一档从 0 起,须有一档扣 0 分',
    {
      allowed: '题型为百分比、数值时可填,至少两档',
      example: '80:0; 60:4; 0:8',
      source: 'p.target',
    },
  ),
  column('否决与不适用', 'lines', 'no')('zh.vetoes', '否决项问题', 30, `一票否决的问题,答“是”即否决;${oneLine}`, {
    source: 'p.guidance',
  }),
  column('否决与不适用', 'lines', 'no')('vetoIds', '否决项编号', 12, '只在编号不是依次 v1、v2 时才写,每条一行', {
    rare: true,
    example: 'P4-02.v2',
  }),
  column('否决与不适用', 'choice', 'no')('na', '可不适用', 9, '有的社区没有这一项时可选“不适用”,留空为否', {
    choices: YESNO,
  }),
  column('否决与不适用', 'text', 'when')('zh.not_applicable', '不适用条件', 24, '什么情况算不适用', {
    allowed: '“可不适用”为是时必填,否则留空',
    source: 'p.guidance',
  }),
  column('现场', 'lines', 'no')('methods', '查验方法', 11, `怎样查验;${oneLine}`, {
    example: '查阅资料',
    source: 'p.guidance',
  }),
  column('现场', 'text', 'yes')('post', '岗位', 10, '社区里通常由哪个岗位回答', {
    allowed: '1 至 20 字',
    example: '党务岗',
    source: 'p.guidance',
  }),
  column('出处', 'text', 'no')('clause', '条款号', 9, '官方表中的条款号(单元格用“文本”格式,否则 5.10 会变成 5.1)', {
    example: '5.1.1',
  }),
  source('p.requirement', '要求出处', 8, '要求文字是官方原文还是草案,留空为草案', { choices: SOURCES, allowed }),
  source('p.placement', '归属出处', 8, '归在这个一、二级指标下是官方规定还是草案', { choices: SOURCES, allowed }),
  source('p.points', '分值出处', 8, '分值是官方规定还是草案', { choices: SOURCES, allowed }),
  source('p.scoring', '评分出处', 8, '题型和评分办法是官方规定还是草案', { choices: SOURCES, allowed }),
  source('p.target', '门槛出处', 8, '满分值、零分值、分档是官方规定还是草案', { choices: SOURCES, allowed }),
  source('p.guidance', '问法出处', 8, '问题、提示、佐证等是官方文字还是草案', { choices: SOURCES, allowed }),
  column('出处', 'text', 'no')('section', '原文章节', 14, '原文在标准里的位置', { allowed: '最多 60 字' }),
  column('出处', 'text', 'no')('note', '出处备注', 18, '关于出处的说明', { allowed: '最多 300 字' }),
  column('出处', 'lines', 'no')('refs', '参考来源', 9, `参考来源的编号(见 rubric/sources.yaml);${oneLine}`, {
    example: 'S12',
  }),
  words('text', 'no')('zh.title', '显示名称', 18, '机器人里显示的名称与“指标名称”不同时才填', { rare: true }),
  words('text', 'no')('zh.requirement', '显示要求', 30, '机器人里显示的要求与“要求”不同时才填', { rare: true }),
  words('text')('zh.question', '问题', 42, '机器人怎样问这一项', { allowed: '1 至 300 字', source: 'p.guidance' }),
  words('text')('zh.hint', '提示', 42, '怎样判断、看什么', { allowed: '1 至 300 字', source: 'p.guidance' }),
  words('text', 'no')('zh.measure', '计量内容', 22, '填数题填的是什么数', { source: 'p.guidance' }),
  words('lines', 'no')('zh.checks', '观察点', 26, `要求里分开看的几点;${oneLine}`, { source: 'p.guidance' }),
  words('lines')('zh.evidence', '佐证材料', 34, `要准备的材料,1 至 8 条;${oneLine}`, { source: 'p.guidance' }),
  words('lines')('zh.reasons', '低分原因', 36, `常见的低分原因,1 至 8 条;${oneLine}`, { source: 'p.guidance' }),
  words('lines')('zh.suggestions', '改进建议', 48, `低分时给的建议,1 至 8 条;${oneLine}`, { source: 'p.guidance' }),
  english('text')('en.title', '英文名称', 30, `指标名称的英文;${copied}`, { allowed: '最多 60 个字符' }),
  english('text')('en.requirement', '英文要求', 72, '要求的英文译文;留空则英文界面显示中文要求', {}),
  english('text')('en.question', '英文问题', 62, `问题的英文;${copied}`),
  english('text')('en.hint', '英文提示', 62, `提示的英文;${copied}`),
  english('text')('en.measure', '英文计量内容', 36, `计量内容的英文;${copied}`),
  english('lines')('en.checks', '英文观察点', 46, `观察点的英文,条数与中文一致;${copied}`),
  english('lines')('en.vetoes', '英文否决项问题', 46, `否决项问题的英文,条数与中文一致;${copied}`),
  english('text')('en.not_applicable', '英文不适用条件', 40, `不适用条件的英文;${copied}`),
  english('lines')('en.evidence', '英文佐证材料', 52, `佐证材料的英文;${copied}`),
  english('lines')('en.reasons', '英文低分原因', 58, `低分原因的英文;${copied}`),
  english('lines')('en.suggestions', '英文改进建议', 78, `改进建议的英文;${copied}`),
]
