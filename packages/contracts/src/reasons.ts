import { Problem, type ProblemCode, type Text } from '@unavez/protocol'

/** Why a schema or a record is refused. No text holds a value. */
const reasons = {
  'not-an-object': { es: 'Se espera un objeto', en: 'An object is expected' },
  'not-an-array': { es: 'Se espera una lista', en: 'An array is expected' },
  'not-a-string': { es: 'Se espera un texto', en: 'A string is expected' },
  'not-unicode': { es: 'El texto no es Unicode bien formado', en: 'The string is not well-formed Unicode' },
  'not-a-boolean': { es: 'Se espera true o false', en: 'true or false is expected' },
  'not-null': { es: 'Se espera null', en: 'null is expected' },
  'not-an-int': { es: 'Se espera un entero de 32 bits', en: 'A 32-bit integer is expected' },
  'not-a-long': {
    es: 'Se espera un entero de 64 bits: número hasta 2^53, texto más allá',
    en: 'A 64-bit integer is expected: a number up to 2^53, a string beyond',
  },
  'not-a-number': { es: 'Se espera un número finito dentro del rango', en: 'A finite number in range is expected' },
  'not-base64': { es: 'Se espera un texto en base64', en: 'A base64 string is expected' },
  'wrong-size': { es: 'El número de bytes no es el del esquema', en: 'The number of bytes is not the schema’s' },
  'not-a-symbol': { es: 'El valor no está en la lista del esquema', en: 'The value is not in the schema’s list' },
  'not-a-date': { es: 'Se espera una fecha AAAA-MM-DD', en: 'A date YYYY-MM-DD is expected' },
  'not-a-time': { es: 'Se espera una hora HH:MM:SS[.mmm]', en: 'A time HH:MM:SS[.mmm] is expected' },
  'not-a-timestamp': {
    es: 'Se espera una fecha y hora RFC 3339, sin más precisión que la del esquema',
    en: 'An RFC 3339 timestamp is expected, no more precise than the schema’s',
  },
  'not-a-decimal': {
    es: 'Se espera un decimal como texto, dentro de la precisión y escala del esquema',
    en: 'A decimal as a string is expected, within the schema’s precision and scale',
  },
  'not-a-uuid': { es: 'Se espera un UUID', en: 'A UUID is expected' },
  'field-missing': { es: 'Falta el campo', en: 'The field is missing' },
  'field-unknown': { es: 'El contrato no tiene ese campo', en: 'The contract has no such field' },
  'key-forbidden': { es: 'Esa clave no se admite', en: 'That key is not allowed' },
  'identifier-of-scheme': {
    es: 'El identificador no tiene la forma de su esquema',
    en: 'The identifier does not have the form of its scheme',
  },
  'identifier-hidden': {
    es: 'Solo puede ir en un campo declarado como identificador',
    en: 'It may stand only in a field declared as an identifier',
  },
  'record-too-large': { es: 'El registro supera el límite', en: 'The record is larger than the limit' },
  'not-avro': {
    es: 'Los bytes no son un registro Avro del esquema',
    en: 'The bytes are not an Avro record of the schema',
  },
  'schema-id-missing': {
    es: 'Falta la cabecera del formato de Confluent',
    en: 'The header of the Confluent wire format is missing',
  },
  'schema-too-long': { es: 'El esquema es demasiado grande', en: 'The schema is too large' },
  'schema-too-deep': { es: 'El esquema está demasiado anidado', en: 'The schema is nested too deeply' },
  'not-a-record': { es: 'Un contrato es un registro Avro', en: 'A contract is an Avro record' },
  'record-empty': { es: 'Un registro necesita al menos un campo', en: 'A record needs at least one field' },
  'name-invalid': {
    es: 'El nombre debe ser [A-Za-z_][A-Za-z0-9_]* y no puede ser de los reservados',
    en: 'The name must be [A-Za-z_][A-Za-z0-9_]* and none of the reserved ones',
  },
  'name-repeated': { es: 'El nombre se repite', en: 'The name is used twice' },
  'name-of-type': {
    es: 'El nombre y el espacio de nombres no corresponden al tipo del contrato',
    en: 'Name and namespace do not correspond to the contract’s type',
  },
  'type-invalid': {
    es: 'El tipo debe ser <autoridad>.<dominio>.<hecho>.v<mayor>, en minúsculas',
    en: 'The type must be <authority>.<domain>.<fact>.v<major>, in lower case',
  },
  'type-unknown': { es: 'Tipo Avro desconocido', en: 'Unknown Avro type' },
  'type-recursive': { es: 'Un tipo no puede contenerse a sí mismo', en: 'A type cannot contain itself' },
  'union-unsupported': {
    es: 'Una unión es null y un tipo, nada más',
    en: 'A union is null and one type, nothing else',
  },
  'logical-type-unknown': {
    es: 'El tipo lógico no se conoce o no va con su tipo',
    en: 'The logical type is not known or does not go with its type',
  },
  'decimal-invalid': {
    es: 'La precisión o la escala del decimal no es válida',
    en: 'Precision or scale of the decimal is not valid',
  },
  'symbols-invalid': { es: 'Los símbolos no son válidos', en: 'The symbols are not valid' },
  'size-invalid': { es: 'El tamaño no es válido', en: 'The size is not valid' },
  'items-empty': {
    es: 'Los elementos deben ocupar al menos un byte',
    en: 'Items must take at least one byte',
  },
  'default-invalid': {
    es: 'El valor por omisión no es del tipo del campo',
    en: 'The default is not of the field’s type',
  },
  'attribute-unknown': { es: 'Atributo desconocido', en: 'Unknown attribute' },
  'classification-missing': {
    es: 'La clasificación debe ser public, personal o sensitive',
    en: 'The classification must be public, personal or sensitive',
  },
  'doc-invalid': {
    es: 'La documentación es un texto o {es, en}',
    en: 'The documentation is a string or {es, en}',
  },
  'concept-invalid': { es: 'El concepto debe ser un URI', en: 'The concept must be a URI' },
  'scheme-unknown': { es: 'Esquema de identificador desconocido', en: 'Unknown identifier scheme' },
  'identifies-invalid': {
    es: 'Un campo que identifica lleva identifies, scheme y role (key o party) a la vez',
    en: 'An identifying field carries identifies, scheme and role (key or party) together',
  },
  'identifying-type': {
    es: 'Un campo que identifica es un texto, o un texto o null; su único valor por omisión es null',
    en: 'An identifying field is a string, or a string or null; its only default is null',
  },
  'key-once': {
    es: 'Exactamente un campo del registro, de texto y obligatorio, lleva el papel key',
    en: 'Exactly one field of the record, a required string, has the role key',
  },
  'parameter-identifies': {
    es: 'Un parámetro no puede identificar a nadie; de quién se pregunta lo dice la solicitud',
    en: 'A parameter cannot identify anyone; whom a request is about stands in the request',
  },
  'parameters-too-many': { es: 'Hay demasiados parámetros', en: 'There are too many parameters' },
  'schema-unresolvable': {
    es: 'Esta versión no puede leer lo escrito con la otra',
    en: 'This version cannot read what was written with the other',
  },
} as const satisfies Record<string, Text>

export type ReasonCode = keyof typeof reasons

/** A refusal with the JSON Pointer of the fault. */
export const refusal = (code: ProblemCode, pointer: string, reason: ReasonCode): Problem =>
  new Problem(code, { pointer, detail: reasons[reason] })

export const schemaFault = (pointer: string, reason: ReasonCode): Problem => refusal('schema-invalid', pointer, reason)
