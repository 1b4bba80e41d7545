import { listPage, type Surroundings } from '@unavez/service-kit'

import { noticeList } from './bodies.ts'
import { noticesOf } from './notices.ts'
import { replies } from './replies.ts'

/** What will end soon, as it stands: the notices that `unavez.bus.*` events tell of, gone once they are over. */
export function noticeRoutes({ http, control }: Surroundings): void {
  http.route({
    method: 'GET',
    url: '/v1/notices',
    owner: 'governance',
    summary: 'What of the institution will end soon: agreements, keys, contracts',
    access: { action: 'speak', on: () => ({ kind: 'bus' }) },
    query: noticeList,
    replies: { 200: replies.notices },
    handle({ actor, query, now }) {
      const notices = noticesOf(control.policy, actor.institution, now)
      return { body: listPage(notices, ({ endsAt, id }) => `${new Date(endsAt).toISOString()} ${id}`, query) }
    },
  })
}
