/** From an indicator with its words to the row of sheet 《指标》 that shows it. */
import type { IndicatorPrompts, Prompts } from '../content/prompts.js'
import type { AnswerSpec, Indicator, Rubric } from '../core/rubric.js'
import { TYPES } from './indicator-columns.js'
import { englishCell, sourceWord, type Values } from './pieces.js'

/** One row an indicator, in the rubric's order. */
export function indicatorRows(rubric: Rubric, zh: Prompts, en: Prompts): Values[] {
  return rubric.first_level.flatMap((first) =>
    first.second_level.flatMap((second) =>
      second.indicators.map((one) => ({
        first: first.id,
        firstName: first.name,
        second: second.id,
        secondName: second.name,
        ...own(one),
        ...answerCells(one.answer),
        ...sources(one),
        ...wordCells(one, zh.indicators[one.id]!, en.indicators[one.id]!),
      })),
    ),
  )
}

/** Ids that need not be written: `C5-01.v1`, `C5-01.v2`, … */
export function plainVetoes(id: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${id}.v${i + 1}`)
}

/** `80:0; 60:4; 0:8` */
export function bandsText(bands: readonly { from: number; lose: number }[]): string {
  return bands.map(({ from, lose }) => `${from}:${lose}`).join('; ')
}

function own(one: Indicator): Values {
  const plain = plainVetoes(one.id, one.vetoes.length)
  return {
    id: one.id,
    title: one.title,
    requirement: one.requirement,
    points: one.points,
    vetoIds: one.vetoes.every((id, i) => id === plain[i]) ? undefined : one.vetoes.join('\n'),
    na: one.not_applicable ? '是' : '否',
    methods: lines(one.methods),
    post: one.post,
    clause: one.clause,
  }
}

function answerCells(answer: AnswerSpec): Values {
  const type = TYPES[answer.type]
  switch (answer.type) {
    case 'level4':
    case 'yesno':
      return { type }
    case 'percent':
    case 'threshold':
      return {
        type,
        target: answer.target,
        floor: answer.floor,
        decimals: answer.decimals,
        unit: answer.type === 'threshold' ? answer.unit : undefined,
        bands: answer.bands && bandsText(answer.bands),
      }
    case 'deduct':
      return { type, unit: answer.unit, per: answer.per, free: answer.free }
  }
}

function sources({ provenance }: Indicator): Values {
  return {
    'p.requirement': sourceWord(provenance.requirement),
    'p.placement': sourceWord(provenance.placement),
    'p.points': sourceWord(provenance.points),
    'p.scoring': sourceWord(provenance.scoring),
    'p.target': sourceWord(provenance.target),
    'p.guidance': sourceWord(provenance.guidance),
    section: provenance.section,
    note: provenance.note,
    refs: lines(provenance.refs),
  }
}

function wordCells(one: Indicator, zh: IndicatorPrompts, en: IndicatorPrompts): Values {
  return {
    'zh.title': zh.title === one.title ? undefined : zh.title,
    'zh.requirement': zh.requirement,
    'zh.question': zh.question,
    'zh.hint': zh.hint,
    'zh.measure': zh.measure,
    'zh.checks': lines(zh.checks),
    'zh.vetoes': lines(zh.vetoes),
    'zh.not_applicable': zh.not_applicable,
    'zh.evidence': lines(zh.evidence),
    'zh.reasons': lines(zh.reasons),
    'zh.suggestions': lines(zh.suggestions),
    'en.title': en.title,
    'en.requirement': en.requirement,
    'en.question': en.question,
    'en.hint': en.hint,
    'en.measure': englishCell(zh.measure, en.measure),
    'en.checks': englishCell(lines(zh.checks), lines(en.checks)),
    'en.vetoes': lines(en.vetoes),
    'en.not_applicable': en.not_applicable,
    'en.evidence': lines(en.evidence),
    'en.reasons': lines(en.reasons),
    'en.suggestions': lines(en.suggestions),
  }
}

const lines = (list: readonly string[] | undefined): string | undefined =>
  list === undefined || list.length === 0 ? undefined : list.join('\n')
