/**
 * Who may do what where: one table permission × role × scope, and the only place that decides. Whoever asks names the
 * community that the thing belongs to; what a button, a link or a request claims about it counts for nothing.
 */

export const ROLES = ['worker', 'head', 'assessor', 'admin'] as const
export type Role = (typeof ROLES)[number]

/** A role that a person holds: in one community, or (null) in the district. */
export type Holding = { readonly role: Role; readonly community: string | null }

/** `own`: in the community where the role is held. `any`: in every community, and in the district itself. */
export type Scope = 'none' | 'own' | 'any'

// biome-ignore format: a table
export const ACCESS = {
  answer:           { worker: 'own',  head: 'own',  assessor: 'none', admin: 'none' },
  take:             { worker: 'own',  head: 'own',  assessor: 'none', admin: 'none' },
  hand_over:        { worker: 'own',  head: 'own',  assessor: 'none', admin: 'none' },
  assign:           { worker: 'none', head: 'own',  assessor: 'none', admin: 'none' },
  send_back:        { worker: 'none', head: 'own',  assessor: 'none', admin: 'none' },
  settle_clash:     { worker: 'none', head: 'own',  assessor: 'none', admin: 'none' },
  submit:           { worker: 'none', head: 'own',  assessor: 'none', admin: 'none' },
  reopen:           { worker: 'none', head: 'none', assessor: 'none', admin: 'any'  },
  see_summary:      { worker: 'none', head: 'own',  assessor: 'own',  admin: 'any'  },
  export_summary:   { worker: 'none', head: 'own',  assessor: 'own',  admin: 'any'  },
  nudge:            { worker: 'none', head: 'own',  assessor: 'none', admin: 'any'  },
  see_members:      { worker: 'none', head: 'own',  assessor: 'none', admin: 'any'  },
  invite_worker:    { worker: 'none', head: 'own',  assessor: 'none', admin: 'any'  },
  invite_head:      { worker: 'none', head: 'none', assessor: 'none', admin: 'any'  },
  invite_assessor:  { worker: 'none', head: 'none', assessor: 'none', admin: 'any'  },
  invite_admin:     { worker: 'none', head: 'none', assessor: 'none', admin: 'any'  },
  remove_worker:    { worker: 'none', head: 'own',  assessor: 'none', admin: 'any'  },
  remove_head:      { worker: 'none', head: 'none', assessor: 'none', admin: 'any'  },
  remove_assessor:  { worker: 'none', head: 'none', assessor: 'none', admin: 'any'  },
  remove_admin:     { worker: 'none', head: 'none', assessor: 'none', admin: 'any'  },
  notify:           { worker: 'none', head: 'own',  assessor: 'none', admin: 'any'  },
  see_overview:     { worker: 'none', head: 'none', assessor: 'none', admin: 'any'  },
  keep_communities: { worker: 'none', head: 'none', assessor: 'none', admin: 'any'  },
  keep_rounds:      { worker: 'none', head: 'none', assessor: 'none', admin: 'any'  },
  see_audit:        { worker: 'none', head: 'none', assessor: 'none', admin: 'any'  },
  set_practice:     { worker: 'none', head: 'none', assessor: 'none', admin: 'any'  },
} as const satisfies Record<string, Record<Role, Scope>>
export type Permission = keyof typeof ACCESS
export const PERMISSIONS = Object.keys(ACCESS) as Permission[]

/** Whether somebody with these roles may do something in a community; null: in the district as a whole. */
export function may(holdings: readonly Holding[], permission: Permission, community: string | null): boolean {
  return holdings.some(({ role, community: own }) => {
    const scope: Scope = ACCESS[permission][role]
    return scope === 'any' || (scope === 'own' && community !== null && own === community)
  })
}

/** Communities in which somebody may do something by a role that they hold there, each once. */
export function communitiesFor(holdings: readonly Holding[], permission: Permission): string[] {
  const own = holdings.flatMap(({ role, community }) =>
    community !== null && ACCESS[permission][role] === 'own' ? [community] : [],
  )
  return [...new Set(own)]
}

/** Whether somebody may do something everywhere. */
export const mayAnywhere = (holdings: readonly Holding[], permission: Permission): boolean =>
  may(holdings, permission, null)
