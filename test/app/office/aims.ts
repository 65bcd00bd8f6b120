/** For every page and every deed of the office: the permission that it needs, and what a forged button of it would name. */
import type { Permission, Role } from '../../../src/core/access.js'

/** Whose thing a button is about: the presser's community's, another one's, or none's (the district's, or not there). */
export const WHOSE = ['own', 'other', 'none'] as const
export type Whose = (typeof WHOSE)[number]
export type Who = Role | 'nobody'
export const EVERYBODY: readonly Who[] = ['worker', 'head', 'assessor', 'admin', 'nobody']

export type Place = {
  /** As an argument. */
  readonly id: string
  readonly community: string | null
  readonly assessment: string
  readonly member: Partial<Record<Role, string>>
  readonly invitation: Partial<Record<Role, string>>
}

/** What there is in the database of the test, by id. */
export type Ground = {
  readonly places: Readonly<Record<Whose, Place>>
  readonly rounds: Readonly<Record<'draft' | 'published' | 'closed', string>>
  /** Of the places. */
  readonly notices: Readonly<Record<'draft' | 'confirmed', Readonly<Record<Whose, string>>>>
  /** Each one's own membership. */
  readonly mine: Partial<Record<Who, string>>
}

/** Arguments, and the community that they are about: null the district, undefined where there is no such thing. */
export type Target = { readonly args: readonly string[]; readonly community: string | null | undefined }
export type Aim = (ground: Ground, whose: Whose, who: Who) => Target
export type Expected = readonly [permission: Permission | 'anyone', aim: Aim]

type Rest = readonly (string | ((place: Place) => string))[]
const textOf = (rest: Rest, place: Place): string[] => rest.map((one) => (typeof one === 'string' ? one : one(place)))

const ofAssessment =
  (...rest: Rest): Aim =>
  ({ places }, whose) => {
    const place = places[whose]
    const community = whose === 'none' ? undefined : place.community
    return { args: [place.assessment, ...textOf(rest, place)], community }
  }
/** Of a community, not of the district. */
const ofCommunity =
  (...rest: Rest): Aim =>
  ({ places }, whose) => {
    const { id, community } = places[whose]
    return { args: [id, ...textOf(rest, places[whose])], community: whose === 'none' ? undefined : community }
  }
const ofAnyPlace: Aim = ({ places }, whose) => ({ args: [places[whose].id], community: places[whose].community })
/** Of a place where people can be invited to this role: admins in the district, all others in communities. */
const ofPlace =
  (role: Role, ...rest: readonly string[]): Aim =>
  ({ places }, whose) => {
    const { id, community } = places[whose]
    return { args: [id, ...rest], community: (role === 'admin') === (community === null) ? community : undefined }
  }
const ofThing = (id: string | undefined, { community }: Place, rest: readonly string[]): Target =>
  id === undefined ? { args: ['m0000', ...rest], community: undefined } : { args: [id, ...rest], community }
const ofMember =
  (role: Role, ...rest: readonly string[]): Aim =>
  ({ places }, whose) =>
    ofThing(places[whose].member[role], places[whose], rest)
const ofInvitation =
  (role: Role): Aim =>
  ({ places }, whose) =>
    ofThing(places[whose].invitation[role], places[whose], ['0'])
/** In the district an admin, else a worker. */
const ofAnyMember: Aim = (ground, whose, who) => ofMember(whose === 'none' ? 'admin' : 'worker')(ground, whose, who)
/** One's own membership; everybody else's is not there. */
const ofMine: Aim = (ground, whose, who) => {
  const own = whose === 'own' ? ground.mine[who] : undefined
  if (own === undefined) return { ...ofAnyMember(ground, whose, who), community: undefined }
  return { args: [own], community: who === 'admin' ? null : ground.places.own.community }
}
const ofDistrict =
  (...args: readonly string[]): Aim =>
  () => ({ args, community: null })
const ofRound =
  (status: keyof Ground['rounds'], ...rest: Rest): Aim =>
  ({ rounds, places }, whose) => ({ args: [rounds[status], ...textOf(rest, places[whose])], community: null })
/** Of a notice of a community, or of the district. */
const ofNotice =
  (status: keyof Ground['notices'], ...rest: readonly string[]): Aim =>
  ({ notices, places }, whose) => ({ args: [notices[status][whose], ...rest], community: places[whose].community })

const worker = ({ member }: Place): string => member.worker ?? 'm0000'
const community = ({ id }: Place): string => id
const ROLES: readonly Role[] = ['worker', 'head', 'assessor', 'admin']
const forEachRole = (name: string, expected: (role: Role) => Expected): Record<string, Expected> =>
  Object.fromEntries(ROLES.map((role) => [`${name}_${role}`, expected(role)]))

export const EXPECTED_PAGES: Readonly<Record<string, Expected>> = {
  home: ['anyone', ofDistrict()],
  closed: ['anyone', ofDistrict()],
  leave: ['anyone', ofDistrict()],
  leave_one: ['anyone', ofMine],
  hand: ['hand_over', ofAssessment('G1-01')],
  hand_why: ['hand_over', ofAssessment('G1-01', worker)],
  assign: ['assign', ofAssessment('G1')],
  summary: ['see_summary', ofAssessment()],
  weak: ['see_summary', ofAssessment('0')],
  people: ['see_summary', ofAssessment()],
  person: ['see_summary', ofAssessment(worker)],
  details: ['see_summary', ofAssessment('G1')],
  detail: ['see_summary', ofAssessment('G1-01')],
  clashes: ['see_summary', ofAssessment()],
  send_back: ['send_back', ofAssessment('G1-01')],
  submit: ['submit', ofAssessment()],
  reopen: ['reopen', ofAssessment()],
  manage: ['see_overview', ofDistrict()],
  overview: ['see_overview', ofRound('published')],
  district_weak: ['see_overview', ofRound('published')],
  round_choose: ['see_overview', ofDistrict('0')],
  communities: ['keep_communities', ofDistrict('0')],
  community_new: ['keep_communities', ofDistrict()],
  community: ['keep_communities', ofCommunity()],
  community_edit: ['keep_communities', ofCommunity('name')],
  community_end: ['keep_communities', ofCommunity()],
  invites: ['invite_worker', ofAnyPlace],
  ...forEachRole('invite', (role) => [`invite_${role}`, ofPlace(role, '1', '7')]),
  members: ['see_members', ofAnyPlace],
  member: ['see_members', ofAnyMember],
  member_posts: ['see_members', ofAnyMember],
  member_remove: ['see_members', ofAnyMember],
  rounds: ['keep_rounds', ofDistrict('0')],
  round: ['keep_rounds', ofRound('published')],
  round_edit: ['keep_rounds', ofRound('draft', 'name')],
  round_parts: ['keep_rounds', ofRound('draft', '0')],
  round_rubric: ['keep_rounds', ofRound('draft', '0')],
  round_publish: ['keep_rounds', ofRound('draft')],
  round_close: ['keep_rounds', ofRound('published')],
  round_archive: ['keep_rounds', ofRound('closed')],
  audit: ['see_audit', ofDistrict('0')],
  notices: ['notify', ofAnyPlace],
  notice_kinds: ['notify', ofAnyPlace],
  notice_draft: ['notify', ofNotice('draft')],
  notice_discard: ['notify', ofNotice('draft')],
  notice_text: ['notify', ofNotice('draft', 'zh-CN')],
  notice_for: ['notify', ofNotice('draft')],
  notice_pick: ['notify', ofNotice('draft', 'roles', '0')],
  notice_when: ['notify', ofNotice('draft')],
  notice_zone: ['notify', ofNotice('draft')],
  notice_check: ['notify', ofNotice('draft', '1')],
  notice: ['notify', ofNotice('confirmed')],
  notice_ask: ['notify', ofNotice('confirmed', 'withdraw')],
  notice_people: ['notify', ofNotice('confirmed', 'all', '0')],
}
/** Pages that only the program leads to, with arguments that somebody might forge. */
export const NEVER_BY_BUTTON: Readonly<Record<string, readonly string[]>> = { join: ['code', '0'] }

export const EXPECTED_DEEDS: Readonly<Record<string, Expected>> = {
  enter: ['answer', ofAssessment()],
  practise: ['anyone', ofDistrict()],
  join_post: ['anyone', ofDistrict('0')],
  join_accept: ['anyone', ofDistrict()],
  leave: ['anyone', ofMine],
  take: ['take', ofAssessment('G1-01')],
  assign_to: ['assign', ofAssessment('G1', worker)],
  export: ['export_summary', ofAssessment()],
  picture: ['see_summary', ofAssessment()],
  nudge: ['nudge', ofAssessment(worker)],
  settle: ['settle_clash', ofAssessment('G1-01')],
  submit: ['submit', ofAssessment()],
  reopen: ['reopen', ofAssessment()],
  set_practice: ['set_practice', ofDistrict('off')],
  community_end: ['keep_communities', ofCommunity()],
  ...forEachRole('invite', (role) => [`invite_${role}`, ofPlace(role, '1', '7')]),
  ...forEachRole('revoke', (role) => [`invite_${role}`, ofInvitation(role)]),
  ...forEachRole('remove', (role) => [`remove_${role}`, ofMember(role)]),
  posts_worker: ['remove_worker', ofMember('worker', '0', 'on')],
  posts_head: ['remove_head', ofMember('head', '0', 'on')],
  round_new: ['keep_rounds', ofDistrict()],
  round_mode: ['keep_rounds', ofRound('draft', 'individual')],
  round_opens: ['keep_rounds', ofRound('draft')],
  round_due: ['keep_rounds', ofRound('published', '7')],
  round_community: ['keep_rounds', ofRound('draft', community, 'in', '0')],
  round_all: ['keep_rounds', ofRound('draft', '0')],
  round_rubric: ['keep_rounds', ofRound('draft', '0')],
  round_publish: ['keep_rounds', ofRound('draft')],
  round_close: ['keep_rounds', ofRound('published')],
  round_reopen: ['keep_rounds', ofRound('closed')],
  round_archive: ['keep_rounds', ofRound('closed')],
  audit_export: ['see_audit', ofDistrict()],
  overview_csv: ['see_overview', ofRound('published')],
  notice_new: ['notify', ofAnyPlace],
  notice_detach: ['notify', ofNotice('draft')],
  notice_discard: ['notify', ofNotice('draft', 'district')],
  notice_text_off: ['notify', ofNotice('draft', 'en')],
  notice_pick: ['notify', ofNotice('draft', 'roles', 'worker', 'on', '0')],
  notice_all: ['notify', ofNotice('draft')],
  notice_at: ['notify', ofNotice('draft', 'now')],
  notice_preview: ['notify', ofNotice('draft')],
  notice_test: ['notify', ofNotice('draft')],
  notice_copy: ['notify', ofNotice('confirmed')],
  notice_confirm: ['notify', ofNotice('draft', '1')],
  notice_pause: ['notify', ofNotice('confirmed')],
  notice_resume: ['notify', ofNotice('confirmed')],
  notice_cancel: ['notify', ofNotice('confirmed')],
  notice_withdraw: ['notify', ofNotice('confirmed')],
  notice_retry: ['notify', ofNotice('confirmed')],
  notice_remind: ['notify', ofNotice('confirmed', '1')],
  notice_export: ['notify', ofNotice('confirmed')],
}
