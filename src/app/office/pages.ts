/** Every page and every deed of the office by name. */
import { ASSIGNMENT_DEEDS, ASSIGNMENT_PAGES } from './assignments.js'
import { DETAIL_PAGES } from './details.js'
import { HOME_DEEDS, HOME_PAGES } from './home.js'
import { JOIN_DEEDS, JOIN_PAGES } from './join.js'
import { PEOPLE_DEEDS, PEOPLE_PAGES } from './people.js'
import { SUBMISSION_DEEDS, SUBMISSION_PAGES } from './submission.js'
import { SUMMARY_DEEDS, SUMMARY_PAGES } from './summary.js'
import type { DeedSpec, PageSpec } from './visit.js'

export const PAGES: Readonly<Record<string, PageSpec>> = {
  ...HOME_PAGES,
  ...JOIN_PAGES,
  ...ASSIGNMENT_PAGES,
  ...SUMMARY_PAGES,
  ...PEOPLE_PAGES,
  ...DETAIL_PAGES,
  ...SUBMISSION_PAGES,
}

export const DEEDS: Readonly<Record<string, DeedSpec>> = {
  ...HOME_DEEDS,
  ...JOIN_DEEDS,
  ...ASSIGNMENT_DEEDS,
  ...SUMMARY_DEEDS,
  ...PEOPLE_DEEDS,
  ...SUBMISSION_DEEDS,
}
