/** How the bus says no to what is asked, answered or read as evidence. */
export const evidenceProblems = {
  'assertion-invalid': {
    status: 403,
    es: 'La aserción de la persona ciudadana no es válida para esta solicitud',
    en: 'The assertion of the citizen is not valid for this request',
  },
  'deadline-invalid': {
    status: 422,
    es: 'El plazo no está en el futuro, o está demasiado lejos',
    en: 'The deadline is not in the future, or too far in it',
  },
  'evidence-already-answered': {
    status: 409,
    es: 'La solicitud de evidencia ya fue respondida',
    en: 'The evidence request has been answered already',
  },
  'evidence-subject-mismatch': {
    status: 422,
    es: 'La evidencia no es de la persona o cosa por la que se preguntó',
    en: 'The evidence is not about the subject that was asked about',
  },
  'evidence-too-old': {
    status: 422,
    es: 'La evidencia es más antigua de lo que se pidió, o ya no es válida',
    en: 'The evidence is older than was asked for, or no longer valid',
  },
  'evidence-type-not-accepted': {
    status: 422,
    es: 'El requisito no acepta ese tipo de evidencia, o hay que elegir uno',
    en: 'The requirement does not accept that evidence type, or one has to be chosen',
  },
  'grounds-not-accepted': {
    status: 422,
    es: 'El requisito no acepta ese fundamento, o le falta algo',
    en: 'The requirement does not accept these grounds, or something of them is missing',
  },
  'provider-ambiguous': {
    status: 422,
    es: 'Varias instituciones tienen la evidencia; los parámetros no dicen cuál',
    en: 'Several institutions hold the evidence; the parameters do not tell which',
  },
} as const
