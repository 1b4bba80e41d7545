import type { Text } from '@unavez/protocol'

/** Advice about a contract that is valid. Codes are public: add freely, never rename. */
export const lintTexts = {
  'doc-missing': { es: 'Falta la documentación', en: 'The documentation is missing' },
  'doc-one-language': {
    es: 'La documentación debe estar en español e inglés: {es, en}',
    en: 'The documentation is to be in Spanish and English: {es, en}',
  },
  'doc-repeated': {
    es: 'El texto es el mismo en los dos idiomas: falta traducirlo',
    en: 'The text is the same in both languages: it is not translated',
  },
  'field-name-case': { es: 'El nombre del campo va en camelCase', en: 'The name of a field is in camelCase' },
  'type-name-case': { es: 'El nombre del tipo va en PascalCase', en: 'The name of a type is in PascalCase' },
  'symbol-case': {
    es: 'Los símbolos van en minúsculas_con_guion_bajo',
    en: 'Symbols are in lower_case_with_underscores',
  },
  'name-reserved': {
    es: 'Todo objeto de JavaScript ya tiene ese nombre: muchos lectores lo perderían',
    en: 'Every JavaScript object has that name already: many readers would lose it',
  },
  'identifier-undeclared': {
    es: 'Parece un identificador; declare identifies, scheme y role para que se normalice y se seudonimice',
    en: 'It looks like an identifier; declare identifies, scheme and role so that it is normalised and pseudonymised',
  },
  'identifier-public': {
    es: 'El identificador de una persona no es public',
    en: 'A person’s identifier is not public',
  },
  'free-text': {
    es: 'En un texto libre pueden escribirse datos de cualquiera; prefiera una lista de símbolos o campos propios',
    en: 'Anyone’s data can be written in free text; prefer a list of symbols, or fields of their own',
  },
  'text-for-time': {
    es: 'Una fecha o un momento es mejor un tipo lógico que un texto',
    en: 'A date or moment is better a logical type than a string',
  },
  'float-for-amount': {
    es: 'Un monto es un decimal: un número de coma flotante no es exacto',
    en: 'An amount is a decimal: a floating-point number is not exact',
  },
  'null-without-default': {
    es: 'Admite null y no tiene valor por omisión null: no podrá quitarse ni añadirse sin romper lectores',
    en: 'It takes null and has no default of null: it could not be removed or added without breaking readers',
  },
  'sample-invalid': { es: 'La muestra no cumple el esquema', en: 'The sample does not follow the schema' },
} as const satisfies Record<string, Text>

export type LintCode = keyof typeof lintTexts
