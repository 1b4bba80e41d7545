import { Histogram, type Registry } from 'prom-client'

/** Request durations by route pattern: no id and no path is ever a label. Seconds. */
export class Durations {
  readonly #histogram: Histogram<'method' | 'route' | 'status'>
  readonly #children = new Map<string, { observe(seconds: number): void }>()

  constructor(metrics: Registry) {
    this.#histogram = new Histogram({
      name: 'unavez_http_request_duration_seconds',
      help: 'Time from the head of a request to its answer',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
      registers: [metrics],
    })
  }

  observe(labels: { readonly method: string; readonly route: string; readonly status: number }, ms: number): void {
    const name = `${labels.status} ${labels.method} ${labels.route}`
    let child = this.#children.get(name)
    if (child === undefined) {
      child = this.#histogram.labels(labels.method, labels.route, String(labels.status))
      this.#children.set(name, child)
    }
    child.observe(ms / 1000)
  }
}
