/** How sensitive a field is; `sensitive` needs people to bind it. */
export const classifications = ['public', 'personal', 'sensitive'] as const
export type Classification = (typeof classifications)[number]

export interface Identifying {
  /** What it identifies: `person`, `business`, `vehicle`, … */
  readonly identifies: string
  readonly scheme: string
  readonly role: 'key' | 'party'
}

export type Doc = string | { readonly es: string; readonly en: string }

export interface Field {
  readonly name: string
  readonly shape: Shape
  readonly classification: Classification
  readonly identifying?: Identifying
  readonly doc?: Doc
  readonly concept?: string
  /** As Avro writes it in a schema, not as plain JSON. */
  readonly fallback?: { readonly value: unknown; readonly pointer: string }
}

export const scalarKinds = ['null', 'boolean', 'int', 'long', 'float', 'double', 'bytes', 'string'] as const
const logicalKinds = ['date', 'time-millis', 'timestamp-millis', 'timestamp-micros', 'uuid'] as const
export type ScalarKind = (typeof scalarKinds)[number] | (typeof logicalKinds)[number]

/** A type without a name or parts, logical types of fixed form among them. */
export interface ScalarShape {
  readonly kind: 'scalar'
  readonly scalar: ScalarKind
}
/** `name` and `size` when it stands on fixed. */
export interface DecimalShape {
  readonly kind: 'decimal'
  readonly precision: number
  readonly scale: number
  readonly name?: string
  readonly size?: number
}
export interface EnumShape {
  readonly kind: 'enum'
  readonly name: string
  readonly symbols: readonly string[]
  /** Taken by a reader for a symbol that it does not know. */
  readonly fallback?: string
}
export interface FixedShape {
  readonly kind: 'fixed'
  readonly name: string
  readonly size: number
}
export interface ArrayShape {
  readonly kind: 'array'
  readonly items: Shape
}
export interface MapShape {
  readonly kind: 'map'
  readonly values: Shape
}
/** A union of null and one type; `nullAt` is the branch that null has. */
export interface NullableShape {
  readonly kind: 'nullable'
  readonly of: Shape
  readonly nullAt: 0 | 1
}
export interface RecordShape {
  readonly kind: 'record'
  readonly name: string
  readonly fields: readonly Field[]
}

/** A parsed Avro type. Never recursive. */
export type Shape =
  ScalarShape | DecimalShape | EnumShape | FixedShape | ArrayShape | MapShape | NullableShape | RecordShape

const bytesOf: Readonly<Partial<Record<ScalarKind, number>>> = { null: 0, float: 4, double: 8 }

/** Fewest bytes that a value takes: bounds what a count of items in foreign bytes may claim. */
export function minimumBytes(shape: Shape): number {
  switch (shape.kind) {
    case 'fixed':
      return shape.size
    case 'decimal':
      return shape.size ?? 1
    case 'record':
      return shape.fields.reduce((sum, field) => sum + minimumBytes(field.shape), 0)
    case 'enum':
    case 'array':
    case 'map':
    case 'nullable':
      return 1
    case 'scalar':
      return bytesOf[shape.scalar] ?? 1
  }
}
