/** Differences between people, and the head's submission: looked at first, then confirmed, then kept for good. */
import { gradeOf } from '../../core/grade.js'
import { phaseOf } from '../../core/round.js'
import { NOT_APPLICABLE } from '../clash.js'
import { outlookOf } from '../results.js'
import { bold, lines } from '../rich.js'
import { percentText } from '../views/bar.js'
import { valueWords } from '../views/choices.js'
import { headline } from '../views/score-lines.js'
import { promptsOf, wordsOf } from '../words.js'
import { theView } from './summary.js'
import { scoredOf } from './summary-card.js'
import {
  arg,
  changeBy,
  type DeedSpec,
  deedButton,
  type Outcome,
  ofAssessment,
  type PageSpec,
  pageButton,
  theAssessment,
} from './visit.js'

const MOST_SHOWN = 12
/** People go on answering while the head submits; each time the result is made anew. */
const SUBMIT_ATTEMPTS = 5

/** On a shared sheet the clashes that nobody has settled; in an individual round where people differ by two levels or more. */
const clashes: PageSpec = {
  permission: 'see_summary',
  community: ofAssessment(),
  show: async (visit) => {
    const { say, language, desk } = visit
    const view = await theView(visit)
    const { id } = view.assessment
    const prompts = promptsOf(view.book, language)
    const title = (question: string) => {
      const found = view.book.questionnaire.byId.get(question)
      return `${question} ${(found && wordsOf(prompts, found)?.title) ?? ''}`.trim()
    }
    const judged = view.spread.flatMap(({ judgements }) => judgements.map(({ person }) => person))
    const people = await desk.work.names([...judged, ...view.clashes.flatMap((one) => [one.person, one.standsPerson])])
    const name = (person: string) => people.get(person) ?? say('office.somebody')
    const value = (question: string, one: string) => {
      const found = view.book.questionnaire.byId.get(question)
      return one === NOT_APPLICABLE || !found
        ? say('button.not_applicable')
        : valueWords(view.book, found, one, language)
    }
    const shownClashes = view.clashes.slice(0, MOST_SHOWN)
    const shownSpread = view.spread.slice(0, MOST_SHOWN)
    const text = lines(
      bold(say('clash.title')),
      view.assessment.community.name,
      say(view.clashes.length + view.spread.length === 0 ? 'clash.none' : 'clash.hint'),
      ...shownClashes.flatMap((one) => [
        '',
        bold(title(one.question)),
        say('clash.line', {
          stands: name(one.standsPerson),
          stands_value: value(one.question, one.standsValue),
          later: name(one.person),
          later_value: value(one.question, one.value),
        }),
      ]),
      ...shownSpread.flatMap(({ id: question, judgements }) => [
        '',
        bold(title(question)),
        judgements
          .map(({ person, rate }) => `${name(person)} ${rate ? percentText(rate) : say('button.not_applicable')}`)
          .join(say('list.comma')),
      ]),
    )
    const named = [...new Set([...shownClashes.map((one) => one.question), ...shownSpread.map((one) => one.id)])]
    return {
      text,
      rows: [
        ...named.map((one) => [pageButton(title(one), 'detail', id, one)]),
        [pageButton(say('button.back'), 'summary', id)],
      ],
    }
  },
}

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

const submit: PageSpec = {
  permission: 'submit',
  community: ofAssessment(),
  show: async (visit) => {
    const { say } = visit
    const view = await theView(visit)
    const { id, community, round } = view.assessment
    const grade = gradeOf(view.book.rubric, view.score)
    const back = [pageButton(say('button.look_again'), 'summary', id)]
    const head = [bold(say('submission.title', { community: community.name })), ...headline(scoredOf(visit, view))]
    if (grade.kind === 'open') {
      const why = round.mode === 'individual' ? 'submission.no_sheet' : 'submission.open'
      return { text: lines(...head, '', say(why, { count: grade.asked - grade.answered })), rows: [back] }
    }
    const { sentBack, clashes: unsettled, spread, people } = view
    const unfinished = round.mode === 'individual' ? people.filter((one) => !one.submitted).length : 0
    const warnings = [
      ...(sentBack.length > 0 ? [say('submission.sent_back', { count: sentBack.length })] : []),
      ...(unsettled.length > 0 ? [say('submission.clashes', { count: unsettled.length })] : []),
      ...(spread.length > 0 ? [say('summary.spread', { count: spread.length })] : []),
      ...(unfinished > 0 ? [say('submission.unfinished', { count: unfinished })] : []),
    ]
    return {
      text: lines(
        ...head,
        ...(warnings.length > 0 ? ['', ...warnings.map((one) => bold(one))] : []),
        '',
        say('submission.ask'),
      ),
      // The harmless one first: the second half of a double tap lands there.
      rows: [back, [deedButton(say('button.submit_confirm'), 'submit', id)]],
    }
  },
}

const submitDeed: DeedSpec = {
  permission: 'submit',
  community: ofAssessment(),
  from: ['submit'],
  run: async (visit): Promise<Outcome> => {
    const { desk, say, person, now } = visit
    const assessment = await theAssessment(visit)
    const { id, community, round } = assessment
    const to = { page: 'summary', args: [id] }
    const phase = phaseOf(round, now)
    if (phase !== 'open' && phase !== 'over') return { to, notice: say('home.not_open') }
    for (let attempt = 0; attempt < SUBMIT_ATTEMPTS; attempt += 1) {
      const outlook = await outlookOf(desk, assessment)
      if (!outlook || outlook.result.grade.kind === 'open') return { to: { page: 'submit', args: [id] } }
      const { result, rows } = outlook
      const change = changeBy(visit, 'assessment_submitted', {
        subject: `assessment:${id}`,
        community: community.id,
        after: { total: result.total, grade: result.grade },
      })
      const done = await desk.work.submit(id, person, result, rows, change)
      if (done === 'submitted') return { to, notice: say('submission.done') }
      if (done === 'gone') return { to, notice: say('submission.before') }
    }
    return { to, notice: say('submission.busy') }
  },
}

const reopen: PageSpec = {
  permission: 'reopen',
  community: ofAssessment(),
  show: async (visit) => {
    const { say } = visit
    const { id, community } = await theAssessment(visit)
    return {
      text: lines(bold(say('submission.reopen_title', { community: community.name })), say('submission.reopen_text')),
      rows: [[pageButton(say('button.do_not'), 'summary', id)], [deedButton(say('submission.reopen'), 'reopen', id)]],
    }
  },
}

const reopenDeed: DeedSpec = {
  permission: 'reopen',
  community: ofAssessment(),
  from: ['reopen'],
  run: async (visit) => {
    const { id, community } = await theAssessment(visit)
    const change = changeBy(visit, 'assessment_reopened', { subject: `assessment:${id}`, community: community.id })
    const done = await visit.desk.work.reopen(id, change)
    return { to: { page: 'summary', args: [id] }, notice: visit.say(done ? 'submission.reopened' : 'home.not_open') }
  },
}

export const SUBMISSION_PAGES = { clashes, submit, reopen }
export const SUBMISSION_DEEDS = { settle, submit: submitDeed, reopen: reopenDeed }
