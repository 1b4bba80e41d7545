import type { Text } from '@unavez/protocol'

/** Why a version may not follow another. Codes are public: add freely, never rename. */
export const incompatibilityTexts = {
  'field-added-without-default': {
    es: 'El campo es nuevo y no tiene valor por omisión: lo ya publicado no se podría leer',
    en: 'The field is new and has no default: what was published could not be read',
  },
  'field-removed': {
    es: 'El campo ya no está y no tenía valor por omisión: los lectores de antes no podrían leer lo nuevo',
    en: 'The field is gone and had no default: earlier readers could not read what is new',
  },
  'type-changed': {
    es: 'El tipo cambió a uno que no se puede leer como el otro',
    en: 'The type changed to one that cannot be read as the other',
  },
  'logical-type-changed': {
    es: 'El tipo lógico cambió: el mismo valor se leería como otro',
    en: 'The logical type changed: the same value would be read as another',
  },
  'decimal-changed': {
    es: 'La escala, el tamaño o la precisión del decimal cambiaron de modo que no se puede leer',
    en: 'The decimal’s scale, size or precision changed so that it cannot be read',
  },
  'name-changed': { es: 'El nombre del tipo cambió', en: 'The name of the type changed' },
  'size-changed': { es: 'El tamaño cambió', en: 'The size changed' },
  'null-added': {
    es: 'El valor ahora puede faltar: los lectores de antes no lo esperan',
    en: 'The value may now be null: earlier readers do not expect that',
  },
  'null-removed': {
    es: 'El valor ya no puede faltar, y en lo ya publicado falta',
    en: 'The value may no longer be null, and in what was published it may be',
  },
  'symbols-added': {
    es: 'La lista tiene símbolos nuevos y los lectores de antes no tienen uno por omisión',
    en: 'The list has new symbols and earlier readers have no default for them',
  },
  'symbols-removed': {
    es: 'Faltan símbolos que ya se publicaron y no hay uno por omisión',
    en: 'Symbols that were published are gone and there is no default for them',
  },
  'classification-weakened': {
    es: 'La clasificación no puede bajar: hay acuerdos que se apoyan en ella',
    en: 'The classification may not weaken: agreements rest on it',
  },
  'identifying-changed': {
    es: 'Lo que el campo identifica, su esquema o su papel no pueden cambiar',
    en: 'What the field identifies, its scheme or its role may not change',
  },
  'key-changed': {
    es: 'El campo con el papel key no puede ser otro: de él dependen el lugar y el orden',
    en: 'The field with the role key may not be another: place and order depend on it',
  },
} as const satisfies Record<string, Text>

export type IncompatibilityCode = keyof typeof incompatibilityTexts
