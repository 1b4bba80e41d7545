import { apiLimits } from '@unavez/protocol'

import type { Route } from '../http.ts'
import { type Check, compileCheck, compileQuery } from './validation.ts'

/** A route with all that can be worked out before its first request. */
export interface Prepared {
  readonly route: Route
  readonly open: boolean
  readonly bodyLimit: number
  readonly checkParams: Check | undefined
  readonly readQuery: ((query: unknown) => unknown) | undefined
  readonly checkBody: Check | undefined
  /** Nothing in the body is required: leaving it out is the same as `{}`. */
  readonly bodyOptional: boolean
  readonly consumes: ReadonlySet<string>
}

export function prepare(route: Route): Prepared {
  return {
    route,
    open: 'open' in route.access,
    bodyLimit: route.bodyLimit ?? apiLimits.bodyBytes,
    // A path that no resource can have names nothing.
    checkParams: route.params === undefined ? undefined : compileCheck(route.params, 'not-found'),
    readQuery: route.query === undefined ? undefined : compileQuery(route.query),
    checkBody: route.body === undefined ? undefined : compileCheck(route.body, 'body-invalid'),
    bodyOptional: isBodyOptional(route),
    consumes: new Set(route.consumes ?? ['application/json']),
  }
}

export const isBodyOptional = ({ body }: Route): boolean =>
  body !== undefined && 'properties' in body && !('required' in body)

export const isJson = (contentType: string): boolean =>
  contentType === 'application/json' || contentType.endsWith('+json')
