/** Where people differ: on a shared sheet clashes that nobody has settled, in an individual round two levels or more. */
import { type Answer, isAnswered } from '../../core/answer.js'
import type { Question } from '../../core/questionnaire.js'
import { NOT_APPLICABLE } from '../clash.js'
import { bold } from '../rich.js'
import type { Clash } from '../rounds.js'
import { percentText } from '../views/bar.js'
import { valueWords } from '../views/choices.js'
import { fitted, type Line } from '../views/score-lines.js'
import { promptsOf, term, wordsOf } from '../words.js'
import { listed, sliced } from './listing.js'
import type { View } from './standings.js'
import { theView } from './summary.js'
import {
  arg,
  changeBy,
  type DeedSpec,
  ofAssessment,
  type PageSpec,
  pageButton,
  theAssessment,
  type Visit,
} from './visit.js'

/** People who are named beside one indicator; everybody stands on its own page. */
const MOST_JUDGEMENTS = 12

/** Arguments: the assessment, the part of the list. One entry a question, however many differ there. */
const clashes: PageSpec = {
  permission: 'see_summary',
  community: ofAssessment(),
  show: async (visit) => {
    const { say, language } = visit
    const view = await theView(visit)
    const { assessment, book } = view
    const { id, community } = assessment
    const prompts = promptsOf(book, language)
    const title = (one: Question) => `${one.id} ${wordsOf(prompts, one)?.title ?? ''}`.trim()
    const differ = new Set([...view.clashes.map((one) => one.question), ...view.spread.map((one) => one.id)])
    const questions = [...differ].flatMap((one) => book.questionnaire.byId.get(one) ?? [])
    const about = { argument: 1, before: [id] }
    const { items, count, line, turning } = await listed(visit, 'clashes', about, sliced(questions))
    const people = await peopleIn(visit, view)
    const text = fitted(
      [bold(say('clash.title')), community.name, line, say(count === 0 ? 'clash.none' : 'clash.hint')],
      items.flatMap((one): Line[] => ['', bold(title(one)), ...differenceLines(visit, view, one, people)]),
      [],
      say('result.cut'),
    )
    return {
      text,
      rows: [
        ...items.map((one) => [pageButton(title(one), 'detail', id, one.id)]),
        ...turning,
        [pageButton(say('button.back'), 'summary', id)],
      ],
    }
  },
}

function peopleIn({ desk }: Visit, view: View): Promise<ReadonlyMap<string, string>> {
  const judged = view.spread.flatMap(({ judgements }) => judgements.map(({ person }) => person))
  const standing = view.clashes.map(({ question }) => view.answers.get(question)?.person ?? '')
  const differing = view.clashes.flatMap((one) => [one.person, one.standsPerson])
  return desk.work.names([...new Set([...judged, ...standing, ...differing])])
}

function differenceLines(visit: Visit, view: View, question: Question, people: ReadonlyMap<string, string>): string[] {
  const { say, language } = visit
  // Under the post where somebody is gone.
  const post = 'indicator' in question ? term(promptsOf(view.book, language), question.indicator.post) : ''
  const name = (person: string) => people.get(person) ?? (post || say('office.somebody'))
  const judgements = view.spread.find(({ id }) => id === question.id)?.judgements ?? []
  const shown = judgements.slice(0, MOST_JUDGEMENTS)
  const rates = shown.map(
    ({ person, rate }) => `${name(person)} ${rate ? percentText(rate) : say('button.not_applicable')}`,
  )
  if (judgements.length > shown.length)
    rates.push(say('clash.more_people', { count: judgements.length - shown.length }))
  return [
    ...view.clashes
      .filter((one) => one.question === question.id)
      .map((one) => clashText(visit, view, question, one, name)),
    ...(rates.length > 0 ? [rates.join(say('list.comma'))] : []),
  ]
}

/** Who meant what; and where the answer has been changed since, what stands now. */
function clashText(
  { say, language }: Visit,
  view: View,
  question: Question,
  clash: Clash,
  name: (person: string) => string,
): string {
  const words = (value: string) =>
    value === NOT_APPLICABLE ? say('button.not_applicable') : valueWords(view.book, question, value, language)
  const meant = {
    stands: name(clash.standsPerson),
    stands_value: words(clash.standsValue),
    later: name(clash.person),
    later_value: words(clash.value),
  }
  const now = view.answers.get(question.id)
  if (now && meaningOf(now) === clash.standsValue) return say('clash.line', meant)
  if (!now || !isAnswered(now)) return say('clash.line_open', meant)
  return say('clash.line_since', { ...meant, now: name(now.person), now_value: words(meaningOf(now)) })
}

const meaningOf = ({ value }: Answer): string => value ?? NOT_APPLICABLE

/** What stands now is right: the clash is off the list. */
const settle: DeedSpec = {
  permission: 'settle_clash',
  community: ofAssessment(),
  from: ['detail'],
  run: async (visit) => {
    const { id, community } = await theAssessment(visit)
    const question = arg(visit, 1)
    const change = changeBy(visit, 'clash_settled', {
      subject: `assessment:${id}`,
      community: community.id,
      after: { question },
    })
    await visit.desk.work.settleClashes(id, question, new Date(visit.now), change)
    return { to: { page: 'detail', args: [id, question] }, notice: visit.say('clash.settled') }
  },
}

export const CLASH_PAGES = { clashes }
export const CLASH_DEEDS = { settle }
