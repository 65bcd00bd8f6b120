/** Four-level conformity and yes/no: the rubric lists the options from best to worst with the share each earns. */
import { exact, multiply } from '../exact.js'
import type { Rubric } from '../rubric.js'
import type { AnswerType, Parsed, Value } from './answer-type.js'

export const level4 = optionType('level4')
export const yesno = optionType('yesno')

/** Finds the option whose words were typed, whatever the width and case. */
export function parseOption(text: string, labels: ReadonlyMap<Value, string>): Parsed {
  const typed = plain(text)
  for (const [value, label] of labels) if (plain(label) === typed) return { ok: true, value }
  return { ok: false, reason: 'not_an_option' }
}

function optionType(type: 'level4' | 'yesno'): AnswerType<{ type: typeof type }> {
  const find = (rubric: Rubric, value: Value) => rubric.options[type].find((option) => option.key === value)
  return {
    choices: (_spec, _indicator, rubric) => rubric.options[type].map(({ key }) => ({ value: key, kind: 'option' })),
    parse: (_spec, text, labels) => parseOption(text, labels),
    accepts: (_spec, value, rubric) => find(rubric, value) !== undefined,
    score: (_spec, value, indicator, rubric) => multiply(exact(indicator.points), exact(find(rubric, value)!.ratio)),
  }
}

const plain = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s。.!！,，]+/gu, '')
