/** Which questions are whose on a shared sheet: assigned by name, else by post. */
import type { Holding } from './access.js'
import type { Questionnaire } from './questionnaire.js'

/** Person by indicator, where it was assigned or handed over by name. */
export type Assigned = ReadonlyMap<string, string>
/** A role with the posts that come with it, in the words of the rubric. */
export type Posted = Holding & { readonly posts: readonly string[] }

/** Posts in the order in which the rubric names them first. */
export function postsOf({ questions }: Questionnaire): string[] {
  return [...new Set(questions.flatMap((one) => (one.kind === 'indicator' ? [one.indicator.post] : [])))]
}

/**
 * For each question whether it is this person's. A worker without a post has all of them, a head without one has none.
 * Veto questions go with their indicator; extras are the heads'.
 */
export function dutiesOf(
  { questions }: Questionnaire,
  person: string,
  community: string,
  holdings: readonly Posted[],
  assigned: Assigned,
): boolean[] {
  const here = holdings.filter((one) => one.community === community)
  const all = here.some(({ role, posts }) => role === 'worker' && posts.length === 0)
  const posts = new Set(here.flatMap((one) => one.posts))
  const leads = here.some(({ role }) => role === 'head')
  return questions.map((question) => {
    if (!('indicator' in question)) return leads
    const by = assigned.get(question.indicator.id)
    return by === undefined ? all || posts.has(question.indicator.post) : by === person
  })
}
