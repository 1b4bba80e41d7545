import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { type Fact, type LinkKind, linkKinds, Policy } from '../src/index.ts'
import { firstRoots } from '../src/links.ts'

const links = (...declared: readonly (readonly [LinkKind, string, string])[]): readonly Fact[] =>
  declared.map(([kind, person, other], i) => ({
    type: 'identifiers-linked',
    aggregate: `link:te/${i}`,
    kind,
    person,
    other,
  }))
const annulled = (of: number): Fact => ({ type: 'identifiers-link-annulled', aggregate: `link:te/${of}` })
const firstsOf = (facts: readonly Fact[]) => {
  const policy = Policy.of(facts)
  return ['A', 'B', 'C', 'D'].map((root) => policy.firstRoot(root)).join('')
}

describe('who is one subject, and by which root', () => {
  test('without a link everybody is known by the own root', () => {
    expect(firstsOf([])).toBe('ABCD')
  })

  test('a number that takes the place of another is known by the first one, however often that happens', () => {
    expect(firstsOf(links(['replaced', 'B', 'A']))).toBe('AACD')
    expect(firstsOf(links(['replaced', 'B', 'A'], ['replaced', 'C', 'B']))).toBe('AAAD')
    expect(firstsOf(links(['same', 'A', 'B'], ['same', 'C', 'B']))).toBe('BBBD')
  })

  test('what was joined earlier keeps its root when two groups meet', () => {
    expect(firstsOf(links(['same', 'B', 'A'], ['same', 'D', 'C'], ['same', 'A', 'D']))).toBe('AAAA')
    expect(firstsOf(links(['same', 'D', 'C'], ['same', 'B', 'A'], ['same', 'A', 'D']))).toBe('CCCC')
    expect(firstsOf(links(['same', 'B', 'A'], ['same', 'B', 'D']))).toBe('AACA')
  })

  test('a split takes two apart, also where others joined them, and a later link joins them again', () => {
    expect(firstsOf(links(['same', 'B', 'A'], ['split', 'B', 'A']))).toBe('ABCD')
    expect(firstsOf(links(['same', 'B', 'A'], ['split', 'A', 'B']))).toBe('ABCD')
    expect(firstsOf(links(['same', 'B', 'A'], ['same', 'C', 'B'], ['split', 'B', 'A']))).toBe('ABBD')
    expect(firstsOf(links(['same', 'B', 'A'], ['same', 'C', 'B'], ['split', 'C', 'A']))).toBe('AACD')
    expect(firstsOf(links(['split', 'B', 'A'], ['same', 'B', 'A']))).toBe('AACD')
  })

  test('an annulled link never was: neither a joining one nor a split', () => {
    expect(firstsOf([...links(['same', 'B', 'A'], ['same', 'C', 'B']), annulled(0)])).toBe('ABBD')
    expect(firstsOf([...links(['same', 'B', 'A'], ['split', 'B', 'A']), annulled(1)])).toBe('AACD')
  })

  test('a fact that makes no sense leaves what stands', () => {
    expect(firstsOf([...links(['same', 'A', 'A'], ['same', 'B', 'A']), annulled(7)])).toBe('AACD')
  })
})

const roots = ['A', 'B', 'C', 'D', 'E', 'F', 'G']
const declaration = fc.tuple(fc.constantFrom(...linkKinds), fc.constantFrom(...roots), fc.constantFrom(...roots))
const declarations = fc.array(
  declaration.filter(([, person, other]) => person !== other),
  { maxLength: 25 },
)
const shape = ([kind, person, other]: readonly [LinkKind, string, string]) => ({ kind, person, other })

describe('whatever is declared', () => {
  test('a first root is a first root: one step leads there, and it is one of the subject’s', () => {
    fc.assert(
      fc.property(declarations, (declared) => {
        const first = firstRoots(declared.map(shape))
        for (const [root, to] of first) {
          expect(first.has(to)).toBe(false)
          expect(root).not.toBe(to)
        }
      }),
    )
  })

  test('the last word about two roots counts', () => {
    fc.assert(
      fc.property(declarations, (declared) => {
        fc.pre(declared.length > 0)
        const first = firstRoots(declared.map(shape))
        const [kind, person, other] = declared.at(-1) ?? ['same', 'A', 'B']
        const one = (first.get(person) ?? person) === (first.get(other) ?? other)
        expect(one).toBe(kind !== 'split')
      }),
    )
  })

  test('P3: joining never moves a first root that stood as long as nothing is split', () => {
    fc.assert(
      fc.property(declarations, declaration, (declared, [, person, other]) => {
        const joining = declared.filter(([kind]) => kind !== 'split').map(shape)
        const before = firstRoots(joining)
        const after = firstRoots([...joining, { kind: 'same' as const, person, other }])
        const groups = new Set([before.get(person) ?? person, before.get(other) ?? other])
        const others = [...before].filter(([, first]) => !groups.has(first))
        expect(others.map(([root]) => [root, after.get(root)])).toEqual(others)
      }),
    )
  })

  test('fact by fact is the same as all at once, whatever else was declared in between', () => {
    fc.assert(
      fc.property(declarations, (declared) => {
        const policy = Policy.of(links(...declared))
        const all = firstRoots(declared.map(shape))
        expect(roots.map((root) => policy.firstRoot(root))).toEqual(roots.map((root) => all.get(root) ?? root))
      }),
    )
  })

  test('a fold that was written down and restored joins the same', () => {
    fc.assert(
      fc.property(declarations, fc.array(fc.nat(30), { maxLength: 4 }), (declared, taken) => {
        const annulments = [...new Set(taken)].filter((of) => of < declared.length).map(annulled)
        const policy = Policy.of([...links(...declared), ...annulments])
        const again = new Policy()
        for (const chunk of policy.snapshot()) again.restore(chunk)
        again.restored()
        expect(roots.map((root) => again.firstRoot(root))).toEqual(roots.map((root) => policy.firstRoot(root)))
      }),
    )
  })
})
