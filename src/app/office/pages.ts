/** Every page and every deed of the office by name. */
import { ASSIGNMENT_DEEDS, ASSIGNMENT_PAGES } from './assignments.js'
import { AUDIT_DEEDS, AUDIT_PAGES } from './audit.js'
import { CLASH_DEEDS, CLASH_PAGES } from './clashes.js'
import { COMMUNITY_DEEDS, COMMUNITY_PAGES } from './communities.js'
import { DETAIL_PAGES } from './details.js'
import { HOME_DEEDS, HOME_PAGES } from './home.js'
import { INVITE_DEEDS, INVITE_PAGES } from './invites.js'
import { JOIN_DEEDS, JOIN_PAGES } from './join.js'
import { MANAGE_DEEDS, MANAGE_PAGES } from './manage.js'
import { MEMBER_DEEDS, MEMBER_PAGES } from './members.js'
import { NOTICE_PEOPLE_DEEDS, NOTICE_PEOPLE_PAGES } from './notice-people.js'
import { NOTICE_PROGRESS_PAGES } from './notice-progress.js'
import { NOTICE_STEP_DEEDS, NOTICE_STEP_PAGES } from './notice-steps.js'
import { NOTICE_DEEDS, NOTICE_PAGES } from './notices.js'
import { OVERVIEW_DEEDS, OVERVIEW_PAGES } from './overview.js'
import { PEOPLE_DEEDS, PEOPLE_PAGES } from './people.js'
import { ROUND_COMMUNITY_DEEDS, ROUND_COMMUNITY_PAGES } from './round-communities.js'
import { RUBRIC_DEEDS, RUBRIC_PAGES } from './round-rubric.js'
import { ROUND_DEEDS, ROUND_PAGES } from './rounds.js'
import { SEND_BACK_PAGES } from './send-back.js'
import { SUBMISSION_DEEDS, SUBMISSION_PAGES } from './submission.js'
import { SUMMARY_DEEDS, SUMMARY_PAGES } from './summary.js'
import type { DeedSpec, PageSpec } from './visit.js'

export const PAGES: Readonly<Record<string, PageSpec>> = {
  ...HOME_PAGES,
  ...JOIN_PAGES,
  ...ASSIGNMENT_PAGES,
  ...RUBRIC_PAGES,
  ...SUMMARY_PAGES,
  ...OVERVIEW_PAGES,
  ...PEOPLE_PAGES,
  ...DETAIL_PAGES,
  ...SEND_BACK_PAGES,
  ...CLASH_PAGES,
  ...SUBMISSION_PAGES,
  ...MANAGE_PAGES,
  ...COMMUNITY_PAGES,
  ...INVITE_PAGES,
  ...MEMBER_PAGES,
  ...ROUND_PAGES,
  ...ROUND_COMMUNITY_PAGES,
  ...AUDIT_PAGES,
  ...NOTICE_PAGES,
  ...NOTICE_PROGRESS_PAGES,
  ...NOTICE_STEP_PAGES,
  ...NOTICE_PEOPLE_PAGES,
}

export const DEEDS: Readonly<Record<string, DeedSpec>> = {
  ...HOME_DEEDS,
  ...JOIN_DEEDS,
  ...ASSIGNMENT_DEEDS,
  ...RUBRIC_DEEDS,
  ...SUMMARY_DEEDS,
  ...OVERVIEW_DEEDS,
  ...PEOPLE_DEEDS,
  ...CLASH_DEEDS,
  ...SUBMISSION_DEEDS,
  ...MANAGE_DEEDS,
  ...COMMUNITY_DEEDS,
  ...INVITE_DEEDS,
  ...MEMBER_DEEDS,
  ...ROUND_DEEDS,
  ...ROUND_COMMUNITY_DEEDS,
  ...AUDIT_DEEDS,
  ...NOTICE_DEEDS,
  ...NOTICE_STEP_DEEDS,
  ...NOTICE_PEOPLE_DEEDS,
}
