/** Which questions are whose on a shared sheet: assigned by name, else by post. */
import type { Question, Questionnaire } from './questionnaire.js'

/** Person by indicator, where it was assigned or handed over by name. */
export type Assigned = ReadonlyMap<string, string>

/** Posts in the order in which the rubric names them first. */
export function postsOf({ questions }: Questionnaire): string[] {
  return [...new Set(questions.flatMap((one) => (one.kind === 'indicator' ? [one.indicator.post] : [])))]
}

/** Whether a question is somebody's; no posts means all of them. Veto questions go with their indicator, extras with nobody. */
export function isDuty(question: Question, person: string, posts: readonly string[], assigned: Assigned): boolean {
  if (!('indicator' in question)) return false
  const by = assigned.get(question.indicator.id)
  return by === undefined ? posts.length === 0 || posts.includes(question.indicator.post) : by === person
}
