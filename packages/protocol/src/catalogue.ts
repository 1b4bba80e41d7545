import { evidenceProblems } from './evidence-problems.ts'

/** What a problem says of itself in both languages; `detail` may add to it, never with the value at fault. */
interface Entry {
  readonly status: number
  readonly es: string
  readonly en: string
}

/** Every way the bus says no over HTTP. Codes are public: add freely, never rename. */
export const problems = {
  ...evidenceProblems,
  'accept-unsupported': {
    status: 406,
    es: 'No se ofrece ninguno de los formatos pedidos',
    en: 'None of the accepted formats is offered',
  },
  'agreement-exists': {
    status: 409,
    es: 'Ya existe un acuerdo con ese identificador',
    en: 'An agreement with that identifier exists already',
  },
  'agreement-not-active': {
    status: 403,
    es: 'Ningún acuerdo activo cubre esta petición',
    en: 'No active agreement covers this request',
  },
  'batch-too-large': { status: 413, es: 'El lote supera el límite', en: 'The batch is larger than the limit' },
  'body-invalid': {
    status: 400,
    es: 'El cuerpo de la petición no es válido',
    en: 'The body of the request is not valid',
  },
  'body-too-large': {
    status: 413,
    es: 'El cuerpo de la petición supera el límite',
    en: 'The body of the request is larger than the limit',
  },
  'body-too-slow': { status: 408, es: 'La petición no llegó a tiempo', en: 'The request did not arrive in time' },
  conflict: {
    status: 409,
    es: 'Otra orden cambió lo mismo; vuelva a intentarlo',
    en: 'Another command changed the same thing; try again',
  },
  'content-type-unsupported': {
    status: 415,
    es: 'El tipo de contenido no se admite aquí',
    en: 'The content type is not accepted here',
  },
  'contract-exists': { status: 409, es: 'El contrato ya existe', en: 'The contract exists already' },
  'contract-in-use': {
    status: 409,
    es: 'Hay acuerdos pendientes o activos sobre el contrato',
    en: 'There are pending or active agreements on the contract',
  },
  'contract-not-published': {
    status: 403,
    es: 'El contrato no tiene una versión publicada',
    en: 'The contract has no published version',
  },
  'contract-retired': { status: 403, es: 'El contrato fue retirado', en: 'The contract was retired' },
  'csrf-token-invalid': {
    status: 403,
    es: 'Falta X-CSRF-Token o no es el de la sesión',
    en: 'X-CSRF-Token is missing or not the one of the session',
  },
  'cursor-behind': {
    status: 409,
    es: 'El cursor retrocede; para eso está el retroceso',
    en: 'The cursor goes back; rewind is for that',
  },
  'cursor-invalid': {
    status: 400,
    es: 'El cursor no es de esta suscripción o fue alterado',
    en: 'The cursor is not of this subscription or was altered',
  },
  'cursor-outdated': {
    status: 409,
    es: 'El cursor es anterior al último retroceso o reanudación',
    en: 'The cursor is older than the last rewind or resumption',
  },
  'data-invalid': { status: 422, es: 'Los datos no cumplen el contrato', en: 'The data does not follow the contract' },
  'decision-invalid': { status: 404, es: 'No existe esa decisión', en: 'There is no such decision' },
  'delegation-not-valid': {
    status: 403,
    es: 'No hay una delegación vigente que lo permita',
    en: 'No delegation in force allows it',
  },
  'endpoint-not-allowed': {
    status: 422,
    es: 'El bus no puede llamar a esa dirección',
    en: 'The bus may not call that address',
  },
  'event-id-reused': {
    status: 409,
    es: 'Ese identificador ya pertenece a otro evento',
    en: 'That id belongs to another event already',
  },
  'event-invalid': {
    status: 422,
    es: 'El sobre del evento no es válido',
    en: 'The envelope of the event is not valid',
  },
  'event-not-received': {
    status: 422,
    es: 'Ese evento no es de los que la suscripción recibe',
    en: 'That event is none of those that the subscription receives',
  },
  'event-too-large': { status: 413, es: 'El evento supera el límite', en: 'The event is larger than the limit' },
  'event-type-unknown': {
    status: 422,
    es: 'No existe un contrato de ese tipo',
    en: 'There is no contract of that type',
  },
  'filter-outdated': {
    status: 403,
    es: 'El filtro de la suscripción ya no corresponde a lo acordado',
    en: 'The filter of the subscription no longer matches what is agreed',
  },
  forbidden: { status: 403, es: 'No está autorizado', en: 'Not authorised' },
  'header-invalid': {
    status: 400,
    es: 'Una cabecera de la petición no es válida',
    en: 'A header of the request is not valid',
  },
  'idempotency-key-reused': {
    status: 422,
    es: 'Esa clave de idempotencia se usó con otro contenido',
    en: 'That idempotency key was used with another body',
  },
  'identifier-in-clear': {
    status: 422,
    es: 'Un identificador nacional aparece donde no debe',
    en: 'A national identifier stands where it must not',
  },
  'identifier-invalid': {
    status: 422,
    es: 'El identificador no cumple su esquema',
    en: 'The identifier does not follow its scheme',
  },
  'institution-exists': { status: 409, es: 'La institución ya existe', en: 'The institution exists already' },
  'institution-left': { status: 403, es: 'La institución dejó el bus', en: 'The institution has left the bus' },
  'institution-pending': {
    status: 403,
    es: 'La institución aún no está aprobada',
    en: 'The institution is not approved yet',
  },
  'institution-suspended': { status: 403, es: 'La institución está suspendida', en: 'The institution is suspended' },
  'invitation-invalid': {
    status: 403,
    es: 'El código de invitación no es válido',
    en: 'The invitation code is not valid',
  },
  'invitation-over': {
    status: 409,
    es: 'La invitación ya se usó, venció o fue retirada',
    en: 'The invitation was used, has expired or was withdrawn',
  },
  'internal-error': { status: 500, es: 'Error interno', en: 'Internal error' },
  'json-invalid': { status: 400, es: 'El contenido no es JSON', en: 'The content is not JSON' },
  'key-exists': {
    status: 409,
    es: 'Ese kid o esa clave ya existe en el sistema, quizá revocada',
    en: 'The system has that kid or that key already, perhaps revoked',
  },
  'key-not-valid': {
    status: 403,
    es: 'La clave del token fue revocada o venció',
    en: 'The key of the token was revoked or has expired',
  },
  'method-not-allowed': { status: 405, es: 'Ese método no se admite aquí', en: 'That method is not allowed here' },
  'not-found': { status: 404, es: 'No existe', en: 'Not found' },
  'norm-exists': { status: 409, es: 'La norma ya existe', en: 'The norm exists already' },
  overloaded: {
    status: 503,
    es: 'Hay demasiado trabajo pendiente; reintente en un momento',
    en: 'Too much is under way; try again in a moment',
  },
  'person-exists': { status: 409, es: 'La persona ya existe', en: 'The person exists already' },
  'policy-stale': {
    status: 503,
    es: 'No se pudo comprobar que la política está al día',
    en: 'The policy could not be proven to be up to date',
  },
  'policy-too-new': {
    status: 403,
    es: 'Esta instancia no entiende el estado actual',
    en: 'This instance does not understand the present state',
  },
  'position-ahead': { status: 400, es: 'La posición aún no existe', en: 'The position does not exist yet' },
  'position-gone': { status: 410, es: 'La posición ya no se conserva', en: 'The position is no longer kept' },
  'precondition-failed': {
    status: 412,
    es: 'El recurso cambió desde que se leyó',
    en: 'The resource changed since it was read',
  },
  'procedure-exists': { status: 409, es: 'El trámite ya existe', en: 'The procedure exists already' },
  'publish-unknown': {
    status: 503,
    es: 'No se sabe si el evento quedó escrito; repítalo con el mismo id',
    en: 'It is not known whether the event was written; repeat it with the same id',
  },
  'query-invalid': {
    status: 400,
    es: 'Los parámetros de la consulta no son válidos',
    en: 'The parameters of the query are not valid',
  },
  'quota-exceeded': { status: 429, es: 'La institución superó su cuota', en: 'The institution is over its quota' },
  'range-too-wide': {
    status: 422,
    es: 'El intervalo abarca más de lo que se calcula de una vez',
    en: 'The range spans more than is computed at once',
  },
  rebuilding: {
    status: 503,
    es: 'Se está reconstruyendo el índice de eventos; reintente en un momento',
    en: 'The index of events is being rebuilt; try again in a moment',
  },
  'schema-incompatible': {
    status: 409,
    es: 'El esquema no es compatible con las versiones publicadas',
    en: 'The schema is not compatible with the versions published',
  },
  'requirement-exists': { status: 409, es: 'El requisito ya existe', en: 'The requirement exists already' },
  'schema-invalid': {
    status: 422,
    es: 'El esquema del contrato no es válido',
    en: 'The schema of the contract is not valid',
  },
  'signature-invalid': {
    status: 422,
    es: 'La firma no es de una clave vigente del sistema que habla sobre este documento',
    en: 'The signature is not by a key in force of the system that speaks over this document',
  },
  'source-mismatch': {
    status: 403,
    es: 'El origen no es el sistema que habla',
    en: 'The source is not the system that speaks',
  },
  'sign-in-failed': { status: 403, es: 'No se pudo iniciar la sesión', en: 'Signing in did not succeed' },
  'state-conflict': {
    status: 409,
    es: 'El estado actual no permite esa acción',
    en: 'The present state does not allow that action',
  },
  'streams-exceeded': {
    status: 429,
    es: 'Hay demasiadas transmisiones abiertas',
    en: 'Too many streams are open',
  },
  'system-exists': { status: 409, es: 'El sistema ya existe', en: 'The system exists already' },
  'system-suspended': { status: 403, es: 'El sistema está suspendido', en: 'The system is suspended' },
  'token-invalid': {
    status: 401,
    es: 'El token falta, venció o no es válido',
    en: 'The token is missing, expired or not valid',
  },
  'too-many-attempts': {
    status: 429,
    es: 'Demasiados intentos fallidos; espere',
    en: 'Too many failed attempts; wait',
  },
  unavailable: {
    status: 503,
    es: 'El servicio no está disponible por ahora',
    en: 'The service is not available right now',
  },
} as const satisfies Record<string, Entry>

export type ProblemCode = keyof typeof problems

export const isProblemCode = (code: string): code is ProblemCode => Object.hasOwn(problems, code)
