import type { Text } from '@unavez/protocol'

import type { ReasonEntry } from './reason-entry.ts'
import { subscriptionReasons } from './subscription-reasons.ts'

const agreementNotActive = (text: Text, remedy: Text): ReasonEntry => ({
  problem: 'agreement-not-active',
  text,
  remedy,
})

/** Every reason of a no. Texts name no one and nothing, so that none can repeat what must not be told. */
export const reasons = {
  'institution-suspended': {
    problem: 'institution-suspended',
    text: { es: 'La institución que habla está suspendida', en: 'The institution that speaks is suspended' },
    remedy: {
      es: 'Pida al operador del bus que la reanude',
      en: 'Ask the operator of the bus to resume it',
    },
  },
  'system-suspended': {
    problem: 'system-suspended',
    text: { es: 'El sistema que habla está suspendido', en: 'The system that speaks is suspended' },
    remedy: {
      es: 'Pida a un administrador de su institución, o al operador, que lo reanude',
      en: 'Ask an administrator of your institution, or the operator, to resume it',
    },
  },
  'institution-pending': {
    problem: 'institution-pending',
    text: {
      es: 'La institución que habla aún no está aprobada',
      en: 'The institution that speaks is not approved yet',
    },
    remedy: { es: 'Espere la aprobación del operador del bus', en: 'Wait for the approval of the operator of the bus' },
  },
  'institution-left': {
    problem: 'institution-left',
    text: { es: 'La institución que habla dejó el bus', en: 'The institution that speaks has left the bus' },
    remedy: { es: 'Únase con otro identificador', en: 'Join under another id' },
  },
  'key-not-valid': {
    problem: 'key-not-valid',
    text: {
      es: 'La clave con la que se obtuvo el token fue revocada o venció',
      en: 'The key that the token was obtained with was revoked or has expired',
    },
    remedy: {
      es: 'Obtenga otro token con una clave vigente; si no la hay, pida a un administrador que la registre',
      en: 'Obtain another token with a key that stands; without one, ask an administrator to register it',
    },
  },
  'person-removed': {
    problem: 'forbidden',
    text: {
      es: 'La persona que habla ya no actúa por la institución',
      en: 'The person that speaks acts for the institution no more',
    },
    remedy: {
      es: 'Pida a un administrador de la institución que la registre',
      en: 'Ask an administrator of the institution to add the person',
    },
  },
  'delegation-missing': {
    problem: 'delegation-not-valid',
    text: {
      es: 'No hay una delegación vigente de esa institución',
      en: 'There is no delegation of that institution in force',
    },
    remedy: { es: 'Propóngala y espere su aceptación', en: 'Propose one and wait for its acceptance' },
  },
  'delegation-scope': {
    problem: 'delegation-not-valid',
    text: {
      es: 'La delegación no alcanza a este contrato o a esta acción',
      en: 'The delegation does not reach this contract or this action',
    },
    remedy: {
      es: 'Pida a la institución representada que lo haga, o que delegue también esto',
      en: 'Ask the institution represented to do it, or to delegate this too',
    },
  },
  'principal-not-active': {
    problem: 'delegation-not-valid',
    text: { es: 'La institución representada no está activa', en: 'The institution represented is not active' },
    remedy: { es: 'Pida al operador del bus que la reanude', en: 'Ask the operator of the bus to resume it' },
  },
  'speaker-unknown': {
    problem: 'forbidden',
    text: {
      es: 'La institución o el sistema que habla no está registrado',
      en: 'The institution or the system that speaks is not registered',
    },
    remedy: { es: 'Pida al operador del bus que lo registre', en: 'Ask the operator of the bus to register it' },
  },
  'policy-too-new': {
    problem: 'policy-too-new',
    text: {
      es: 'Algo de lo que depende la respuesta fue escrito por una versión más nueva del bus',
      en: 'Something that the answer depends on was written by a newer version of the bus',
    },
    remedy: { es: 'Actualice esta instancia del bus', en: 'Update this instance of the bus' },
  },
  'role-missing': {
    problem: 'forbidden',
    text: {
      es: 'El sistema que habla no tiene el rol que esto requiere',
      en: 'The system that speaks does not have the role that this requires',
    },
    remedy: {
      es: 'Hable con un sistema que tenga el rol, o registre uno',
      en: 'Speak with a system that has the role, or register one',
    },
  },
  'operator-only': {
    problem: 'forbidden',
    text: { es: 'Solo el operador del bus puede hacerlo', en: 'Only the operator of the bus can do this' },
    remedy: { es: 'Pídalo al operador del bus', en: 'Ask the operator of the bus' },
  },
  'operator-stays': {
    problem: 'forbidden',
    text: {
      es: 'El operador del bus y su sistema no se pueden suspender',
      en: 'The operator of the bus and its system can not be suspended',
    },
    remedy: {
      es: 'Cambie las claves del operador al arrancar el bus',
      en: 'Change the keys of the operator when the bus starts',
    },
  },
  'contract-owner': {
    problem: 'forbidden',
    text: { es: 'El contrato es de otra institución', en: 'The contract belongs to another institution' },
    remedy: {
      es: 'Pida a la institución dueña del contrato que lo haga',
      en: 'Ask the institution that owns the contract to do it',
    },
  },
  'contract-not-published': {
    problem: 'contract-not-published',
    text: { es: 'El contrato no tiene una versión publicada', en: 'The contract has no published version' },
    remedy: {
      es: 'La institución dueña debe publicar una versión',
      en: 'The institution that owns it has to publish a version',
    },
  },
  'contract-retired': {
    problem: 'contract-retired',
    text: { es: 'El contrato fue retirado', en: 'The contract was retired' },
    remedy: {
      es: 'Use el contrato que lo reemplaza, o pida uno a la institución dueña',
      en: 'Use the contract that replaces it, or ask the institution that owns it for one',
    },
  },
  'contract-not-event': {
    problem: 'forbidden',
    text: { es: 'El contrato no es de eventos', en: 'The contract is not about events' },
    remedy: { es: 'Use un contrato de eventos', en: 'Use a contract about events' },
  },
  'agreement-missing': agreementNotActive(
    {
      es: 'No hay un acuerdo sobre este tipo de evidencia para el trámite',
      en: 'There is no agreement on this evidence type for the procedure',
    },
    {
      es: 'Solicite un acuerdo a la institución dueña del contrato',
      en: 'Request an agreement from the institution that owns the contract',
    },
  ),
  'agreement-none': agreementNotActive(
    {
      es: 'La institución no consume nada bajo un acuerdo activo',
      en: 'The institution consumes nothing under an active agreement',
    },
    { es: 'Solicite un acuerdo, o espere a que esté activo', en: 'Request an agreement, or wait until it is active' },
  ),
  'agreement-draft': agreementNotActive(
    { es: 'El acuerdo es un borrador', en: 'The agreement is a draft' },
    { es: 'Envíelo a la otra institución', en: 'Submit it to the other institution' },
  ),
  'agreement-pending': agreementNotActive(
    { es: 'El acuerdo aún no está aprobado', en: 'The agreement is not approved yet' },
    { es: 'Pida a la otra institución que lo apruebe', en: 'Ask the other institution to approve it' },
  ),
  'agreement-suspended': agreementNotActive(
    { es: 'El acuerdo está suspendido', en: 'The agreement is suspended' },
    { es: 'Pida que lo reanuden', en: 'Ask for it to be resumed' },
  ),
  'agreement-over': agreementNotActive(
    { es: 'El acuerdo terminó o fue rechazado', en: 'The agreement has ended or was rejected' },
    { es: 'Solicite un acuerdo nuevo', en: 'Request a new agreement' },
  ),
  'agreement-not-yet-valid': agreementNotActive(
    { es: 'El acuerdo aún no está vigente', en: 'The agreement is not valid yet' },
    { es: 'Espere a que empiece su vigencia', en: 'Wait for its validity to begin' },
  ),
  'agreement-expired': agreementNotActive(
    { es: 'La vigencia del acuerdo pasó', en: 'The validity of the agreement has passed' },
    { es: 'Solicite un acuerdo nuevo', en: 'Request a new agreement' },
  ),
  'owner-suspended': agreementNotActive(
    {
      es: 'La institución dueña del contrato está suspendida, y con ella sus acuerdos',
      en: 'The institution that owns the contract is suspended, and its agreements with it',
    },
    { es: 'Pida al operador del bus que la reanude', en: 'Ask the operator of the bus to resume it' },
  ),
  'consumer-only': {
    problem: 'forbidden',
    text: {
      es: 'Solo la institución consumidora del acuerdo puede hacerlo',
      en: 'Only the consumer of the agreement can do this',
    },
    remedy: { es: 'Pídalo a la institución consumidora', en: 'Ask the consumer' },
  },
  'owner-only': {
    problem: 'forbidden',
    text: {
      es: 'Solo la institución dueña del contrato puede hacerlo',
      en: 'Only the institution that owns the contract can do this',
    },
    remedy: { es: 'Pídalo a la institución dueña del contrato', en: 'Ask the institution that owns the contract' },
  },
  'party-only': {
    problem: 'forbidden',
    text: {
      es: 'Solo las dos instituciones de la delegación pueden hacerlo',
      en: 'Only the two institutions of the delegation can do this',
    },
    remedy: { es: 'Pídalo a una de ellas', en: 'Ask one of them' },
  },
  'parties-only': {
    problem: 'forbidden',
    text: { es: 'Solo las partes del acuerdo pueden hacerlo', en: 'Only the parties of the agreement can do this' },
    remedy: { es: 'Pídalo a una de las partes', en: 'Ask one of the parties' },
  },
  'dpo-needed': {
    problem: 'forbidden',
    text: {
      es: 'Hay campos sensibles: los aprueban las personas responsables de protección de datos de ambas partes',
      en: 'There are sensitive fields: the data protection officers of both parties approve them',
    },
    remedy: {
      es: 'Pídalo a una persona con el rol dpo de su institución',
      en: 'Ask a person with the role dpo of your institution',
    },
  },
  'procedure-owner': {
    problem: 'forbidden',
    text: { es: 'El trámite es de otra institución', en: 'The procedure belongs to another institution' },
    remedy: {
      es: 'Pídalo a la institución que ofrece el trámite',
      en: 'Ask the institution that offers the procedure',
    },
  },
  'suspended-by-other': {
    problem: 'forbidden',
    text: { es: 'Otra institución suspendió el acuerdo', en: 'Another institution suspended the agreement' },
    remedy: { es: 'Pídale que lo reanude', en: 'Ask it to resume the agreement' },
  },
  ...subscriptionReasons,
} as const satisfies Record<string, ReasonEntry>

export type ReasonCode = keyof typeof reasons
