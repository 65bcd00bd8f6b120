/** Kept results in words. They come as decimals and floats: for showing only. */
import { compare, exact, format } from '../../core/exact.js'
import { cutoffOf } from '../../core/grade.js'
import type { Result } from '../../core/result.js'
import type { Rubric } from '../../core/rubric.js'
import type { Say } from '../words.js'

/** `812.3` for `812.300000`. */
export const oneDecimal = (decimal: string): string => format(exact(decimal), 1)

/** The same for a total beside its grade: 899.96 must not read 900.0 beside the grade below 900, and reads 899.9600. */
export function totalWords(decimal: string, rubric: Rubric): string {
  const [total, shown] = [exact(decimal), exact(oneDecimal(decimal))]
  const crossed = rubric.grades.some(({ code }) => {
    const cutoff = cutoffOf(rubric, code)
    return compare(shown, cutoff) >= 0 && compare(total, cutoff) < 0
  })
  return crossed ? format(total, 4, 'down') : oneDecimal(decimal)
}

/** `61.2%` for a share from 0 to 1. */
export const share = (value: number): string => `${(value * 100).toFixed(1)}%`

/** The grade's code, or why there is none; '' while it is open. */
export function gradeWords(say: Say, grade: Result['grade']): string {
  switch (grade.kind) {
    case 'graded':
      return grade.code
    case 'below':
    case 'withheld':
      return say(`grade.${grade.kind}`)
    case 'open':
      return ''
  }
}
