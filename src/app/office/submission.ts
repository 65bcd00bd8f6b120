/** The head's submission: looked at first, then confirmed, then kept for good. */
import { gradeOf } from '../../core/grade.js'
import { phaseOf } from '../../core/round.js'
import { outlookOf } from '../results.js'
import { bold, lines } from '../rich.js'
import { headline } from '../views/score-lines.js'
import { theView } from './summary.js'
import { scoredOf } from './summary-card.js'
import {
  changeBy,
  type DeedSpec,
  deedButton,
  type Outcome,
  ofAssessment,
  type PageSpec,
  pageButton,
  theAssessment,
} from './visit.js'

/** People go on answering while the head submits; each time the result is made anew. */
const SUBMIT_ATTEMPTS = 5

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

export const SUBMISSION_PAGES = { submit, reopen }
export const SUBMISSION_DEEDS = { submit: submitDeed, reopen: reopenDeed }
