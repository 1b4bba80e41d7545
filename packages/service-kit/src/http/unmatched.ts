import type { Route } from '../http.ts'

/** For requests that no route took: the methods that the path has, if it is one of ours at all. */
export class KnownPaths {
  readonly #paths: { readonly pattern: RegExp; readonly methods: Set<string> }[] = []
  readonly #byUrl = new Map<string, Set<string>>()

  add({ method, url }: Pick<Route, 'method' | 'url'>): void {
    const known = this.#byUrl.get(url)
    if (known !== undefined) {
      known.add(method)
      return
    }
    const methods = new Set<string>([method])
    this.#byUrl.set(url, methods)
    const literal = url.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
    this.#paths.push({ pattern: new RegExp(`^${literal.replaceAll(/:\w+/g, '[^/]+')}$`), methods })
  }

  methodsOf(url: string): readonly string[] {
    const question = url.indexOf('?')
    const path = question === -1 ? url : url.slice(0, question)
    return this.#paths.flatMap(({ pattern, methods }) => (pattern.test(path) ? [...methods] : []))
  }
}
