import { collectDefaultMetrics, type Registry } from 'prom-client'

import type { Http, Route } from '../http.ts'
import { addDocs } from './docs.ts'
import { openapiOf } from './openapi.ts'

export interface OperationsOptions {
  readonly metrics: Registry
  readonly publicUrl: string
  /** One sentence for each thing that is still missing. */
  readonly missing: () => readonly string[]
  readonly routes: () => readonly Route[]
}

/** What operators and their tools ask of every process, whichever services it runs. */
export function addOperations(http: Http, { metrics, publicUrl, missing, routes }: OperationsOptions): void {
  const add = (url: string, summary: string, handle: Route['handle']): void =>
    http.route({
      method: 'GET',
      url,
      owner: 'service-kit',
      summary,
      access: { open: true, why: 'for operators' },
      handle,
    })
  if (metrics.getSingleMetric('process_cpu_seconds_total') === undefined) collectDefaultMetrics({ register: metrics })
  add('/health/live', 'The process answers', () => ({ body: { live: true } }))
  add('/health/ready', 'All that was started here can work; else what is missing', () => {
    const waiting = missing()
    return { status: waiting.length === 0 ? 200 : 503, body: { ready: waiting.length === 0, missing: waiting } }
  })
  add('/metrics', 'Prometheus metrics', async () => ({
    headers: { 'content-type': metrics.contentType },
    body: await metrics.metrics(),
  }))
  let document: string | undefined
  add('/openapi.json', 'This API, as OpenAPI 3.1', () => {
    document ??= JSON.stringify(openapiOf(routes(), publicUrl))
    return { headers: { 'content-type': 'application/json' }, body: document }
  })
  addDocs(http)
}
