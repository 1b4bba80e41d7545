// Made by schemas/generate.ts from all .avsc files: change that and generate again.

import { type CompanyDissolved, companyDissolved, companyDissolvedSample } from './pa/business/company-dissolved.ts'
import { type CompanyIncorporated, companyIncorporated, companyIncorporatedSample } from './pa/business/company-incorporated.ts'
import { type LegalExistence, legalExistence, legalExistenceSample } from './pa/business/legal-existence.ts'
import { type OfficersChanged, officersChanged, officersChangedSample } from './pa/business/officers-changed.ts'
import { type OperationNoticeCancelled, operationNoticeCancelled, operationNoticeCancelledSample } from './pa/business/operation-notice-cancelled.ts'
import { type OperationNoticeIssued, operationNoticeIssued, operationNoticeIssuedSample } from './pa/business/operation-notice-issued.ts'
import { type OperationNotice, operationNotice, operationNoticeSample } from './pa/business/operation-notice.ts'
import { type BirthCertificate, birthCertificate, birthCertificateSample } from './pa/civil/birth-certificate.ts'
import { type BirthRegistered, birthRegistered, birthRegisteredSample } from './pa/civil/birth-registered.ts'
import { type CivilStatusChanged, civilStatusChanged, civilStatusChangedSample } from './pa/civil/civil-status-changed.ts'
import { type CivilStatus, civilStatus, civilStatusSample } from './pa/civil/civil-status.ts'
import { type DeathCertificate, deathCertificate, deathCertificateSample } from './pa/civil/death-certificate.ts'
import { type DeathRegistered, deathRegistered, deathRegisteredSample } from './pa/civil/death-registered.ts'
import { type MarriageDissolved, marriageDissolved, marriageDissolvedSample } from './pa/civil/marriage-dissolved.ts'
import { type MarriageRegistered, marriageRegistered, marriageRegisteredSample } from './pa/civil/marriage-registered.ts'
import { type DegreeAwarded, degreeAwarded, degreeAwardedSample } from './pa/education/degree-awarded.ts'
import { type Degree, degree, degreeSample } from './pa/education/degree.ts'
import { type ClinicalDeclarationIssued, clinicalDeclarationIssued, clinicalDeclarationIssuedSample } from './pa/health/clinical-declaration-issued.ts'
import { type CardCancelled, cardCancelled, cardCancelledSample } from './pa/identity/card-cancelled.ts'
import { type CardIssued, cardIssued, cardIssuedSample } from './pa/identity/card-issued.ts'
import { type CardRenewed, cardRenewed, cardRenewedSample } from './pa/identity/card-renewed.ts'
import { type IdentifierLinked, identifierLinked, identifierLinkedSample } from './pa/identity/identifier-linked.ts'
import { type IdentityVerification, identityVerification, identityVerificationSample } from './pa/identity/identity-verification.ts'
import { type MinimumAge, type MinimumAgeParameters, minimumAge, minimumAgeSample } from './pa/identity/minimum-age.ts'
import { type ResidenceGranted, residenceGranted, residenceGrantedSample } from './pa/migration/residence-granted.ts'
import { type ResidenceStatusChanged, residenceStatusChanged, residenceStatusChangedSample } from './pa/migration/residence-status-changed.ts'
import { type MunicipalClearance, municipalClearance, municipalClearanceSample } from './pa/municipal/municipal-clearance.ts'
import { type AddressChanged, addressChanged, addressChangedSample } from './pa/residence/address-changed.ts'
import { type ElectoralResidence, electoralResidence, electoralResidenceSample } from './pa/residence/electoral-residence.ts'
import { type EmployerRegistered, employerRegistered, employerRegisteredSample } from './pa/social-security/employer-registered.ts'
import { type EmploymentEnded, employmentEnded, employmentEndedSample } from './pa/social-security/employment-ended.ts'
import { type EmploymentStarted, employmentStarted, employmentStartedSample } from './pa/social-security/employment-started.ts'
import { type MinimumContributions, type MinimumContributionsParameters, minimumContributions, minimumContributionsSample } from './pa/social-security/minimum-contributions.ts'
import { type SocialSecurityClearance, socialSecurityClearance, socialSecurityClearanceSample } from './pa/social-security/social-security-clearance.ts'
import { type ClearanceChanged, clearanceChanged, clearanceChangedSample } from './pa/tax/clearance-changed.ts'
import { type TaxClearance, taxClearance, taxClearanceSample } from './pa/tax/tax-clearance.ts'
import { type TaxpayerRegistered, taxpayerRegistered, taxpayerRegisteredSample } from './pa/tax/taxpayer-registered.ts'
import { type TaxpayerStatusChanged, taxpayerStatusChanged, taxpayerStatusChangedSample } from './pa/tax/taxpayer-status-changed.ts'
import { type DriverLicenceIssued, driverLicenceIssued, driverLicenceIssuedSample } from './pa/transport/driver-licence-issued.ts'
import { type DriverLicenceSuspended, driverLicenceSuspended, driverLicenceSuspendedSample } from './pa/transport/driver-licence-suspended.ts'
import { type DriverLicence, driverLicence, driverLicenceSample } from './pa/transport/driver-licence.ts'
import { type VehicleRegistration, vehicleRegistration, vehicleRegistrationSample } from './pa/transport/vehicle-registration.ts'
import { type VehicleTransferred, vehicleTransferred, vehicleTransferredSample } from './pa/transport/vehicle-transferred.ts'
import { type AgreementEnding, agreementEnding, agreementEndingSample } from './unavez/bus/agreement-ending.ts'
import { type ContractSunset, contractSunset, contractSunsetSample } from './unavez/bus/contract-sunset.ts'
import { type DeliveryHeld, deliveryHeld, deliveryHeldSample } from './unavez/bus/delivery-held.ts'
import { type EndpointFailing, endpointFailing, endpointFailingSample } from './unavez/bus/endpoint-failing.ts'
import { type EvidenceRequested, evidenceRequested, evidenceRequestedSample } from './unavez/bus/evidence-requested.ts'
import { type EvidenceSettled, evidenceSettled, evidenceSettledSample } from './unavez/bus/evidence-settled.ts'
import { type EvidenceStale, evidenceStale, evidenceStaleSample } from './unavez/bus/evidence-stale.ts'
import { type KeyExpiring, keyExpiring, keyExpiringSample } from './unavez/bus/key-expiring.ts'
import { type SubscriptionLagging, subscriptionLagging, subscriptionLaggingSample } from './unavez/bus/subscription-lagging.ts'
import { type SubscriptionStopped, subscriptionStopped, subscriptionStoppedSample } from './unavez/bus/subscription-stopped.ts'

/** What ships with the bus, by type. The bus registers its own (`unavez.*`); nothing else is registered by itself. */
export const contracts = {
  'pa.gob.business.company-dissolved.v1': companyDissolved,
  'pa.gob.business.company-incorporated.v1': companyIncorporated,
  'pa.gob.business.legal-existence.v1': legalExistence,
  'pa.gob.business.officers-changed.v1': officersChanged,
  'pa.gob.business.operation-notice-cancelled.v1': operationNoticeCancelled,
  'pa.gob.business.operation-notice-issued.v1': operationNoticeIssued,
  'pa.gob.business.operation-notice.v1': operationNotice,
  'pa.gob.civil.birth-certificate.v1': birthCertificate,
  'pa.gob.civil.birth-registered.v1': birthRegistered,
  'pa.gob.civil.civil-status-changed.v1': civilStatusChanged,
  'pa.gob.civil.civil-status.v1': civilStatus,
  'pa.gob.civil.death-certificate.v1': deathCertificate,
  'pa.gob.civil.death-registered.v1': deathRegistered,
  'pa.gob.civil.marriage-dissolved.v1': marriageDissolved,
  'pa.gob.civil.marriage-registered.v1': marriageRegistered,
  'pa.gob.education.degree-awarded.v1': degreeAwarded,
  'pa.gob.education.degree.v1': degree,
  'pa.gob.health.clinical-declaration-issued.v1': clinicalDeclarationIssued,
  'pa.gob.identity.card-cancelled.v1': cardCancelled,
  'pa.gob.identity.card-issued.v1': cardIssued,
  'pa.gob.identity.card-renewed.v1': cardRenewed,
  'pa.gob.identity.identifier-linked.v1': identifierLinked,
  'pa.gob.identity.identity-verification.v1': identityVerification,
  'pa.gob.identity.minimum-age.v1': minimumAge,
  'pa.gob.migration.residence-granted.v1': residenceGranted,
  'pa.gob.migration.residence-status-changed.v1': residenceStatusChanged,
  'pa.gob.municipal.municipal-clearance.v1': municipalClearance,
  'pa.gob.residence.address-changed.v1': addressChanged,
  'pa.gob.residence.electoral-residence.v1': electoralResidence,
  'pa.gob.social-security.employer-registered.v1': employerRegistered,
  'pa.gob.social-security.employment-ended.v1': employmentEnded,
  'pa.gob.social-security.employment-started.v1': employmentStarted,
  'pa.gob.social-security.minimum-contributions.v1': minimumContributions,
  'pa.gob.social-security.social-security-clearance.v1': socialSecurityClearance,
  'pa.gob.tax.clearance-changed.v1': clearanceChanged,
  'pa.gob.tax.tax-clearance.v1': taxClearance,
  'pa.gob.tax.taxpayer-registered.v1': taxpayerRegistered,
  'pa.gob.tax.taxpayer-status-changed.v1': taxpayerStatusChanged,
  'pa.gob.transport.driver-licence-issued.v1': driverLicenceIssued,
  'pa.gob.transport.driver-licence-suspended.v1': driverLicenceSuspended,
  'pa.gob.transport.driver-licence.v1': driverLicence,
  'pa.gob.transport.vehicle-registration.v1': vehicleRegistration,
  'pa.gob.transport.vehicle-transferred.v1': vehicleTransferred,
  'unavez.bus.agreement-ending.v1': agreementEnding,
  'unavez.bus.contract-sunset.v1': contractSunset,
  'unavez.bus.delivery-held.v1': deliveryHeld,
  'unavez.bus.endpoint-failing.v1': endpointFailing,
  'unavez.bus.evidence-requested.v1': evidenceRequested,
  'unavez.bus.evidence-settled.v1': evidenceSettled,
  'unavez.bus.evidence-stale.v1': evidenceStale,
  'unavez.bus.key-expiring.v1': keyExpiring,
  'unavez.bus.subscription-lagging.v1': subscriptionLagging,
  'unavez.bus.subscription-stopped.v1': subscriptionStopped,
} as const

/** The data of an event, by its type. */
export interface EventData {
  'pa.gob.business.company-dissolved.v1': CompanyDissolved
  'pa.gob.business.company-incorporated.v1': CompanyIncorporated
  'pa.gob.business.officers-changed.v1': OfficersChanged
  'pa.gob.business.operation-notice-cancelled.v1': OperationNoticeCancelled
  'pa.gob.business.operation-notice-issued.v1': OperationNoticeIssued
  'pa.gob.civil.birth-registered.v1': BirthRegistered
  'pa.gob.civil.civil-status-changed.v1': CivilStatusChanged
  'pa.gob.civil.death-registered.v1': DeathRegistered
  'pa.gob.civil.marriage-dissolved.v1': MarriageDissolved
  'pa.gob.civil.marriage-registered.v1': MarriageRegistered
  'pa.gob.education.degree-awarded.v1': DegreeAwarded
  'pa.gob.health.clinical-declaration-issued.v1': ClinicalDeclarationIssued
  'pa.gob.identity.card-cancelled.v1': CardCancelled
  'pa.gob.identity.card-issued.v1': CardIssued
  'pa.gob.identity.card-renewed.v1': CardRenewed
  'pa.gob.identity.identifier-linked.v1': IdentifierLinked
  'pa.gob.migration.residence-granted.v1': ResidenceGranted
  'pa.gob.migration.residence-status-changed.v1': ResidenceStatusChanged
  'pa.gob.residence.address-changed.v1': AddressChanged
  'pa.gob.social-security.employer-registered.v1': EmployerRegistered
  'pa.gob.social-security.employment-ended.v1': EmploymentEnded
  'pa.gob.social-security.employment-started.v1': EmploymentStarted
  'pa.gob.tax.clearance-changed.v1': ClearanceChanged
  'pa.gob.tax.taxpayer-registered.v1': TaxpayerRegistered
  'pa.gob.tax.taxpayer-status-changed.v1': TaxpayerStatusChanged
  'pa.gob.transport.driver-licence-issued.v1': DriverLicenceIssued
  'pa.gob.transport.driver-licence-suspended.v1': DriverLicenceSuspended
  'pa.gob.transport.vehicle-transferred.v1': VehicleTransferred
  'unavez.bus.agreement-ending.v1': AgreementEnding
  'unavez.bus.contract-sunset.v1': ContractSunset
  'unavez.bus.delivery-held.v1': DeliveryHeld
  'unavez.bus.endpoint-failing.v1': EndpointFailing
  'unavez.bus.evidence-requested.v1': EvidenceRequested
  'unavez.bus.evidence-settled.v1': EvidenceSettled
  'unavez.bus.evidence-stale.v1': EvidenceStale
  'unavez.bus.key-expiring.v1': KeyExpiring
  'unavez.bus.subscription-lagging.v1': SubscriptionLagging
  'unavez.bus.subscription-stopped.v1': SubscriptionStopped
}

/** The data of an answer to an evidence request, by its type. */
export interface EvidenceData {
  'pa.gob.business.legal-existence.v1': LegalExistence
  'pa.gob.business.operation-notice.v1': OperationNotice
  'pa.gob.civil.birth-certificate.v1': BirthCertificate
  'pa.gob.civil.civil-status.v1': CivilStatus
  'pa.gob.civil.death-certificate.v1': DeathCertificate
  'pa.gob.education.degree.v1': Degree
  'pa.gob.identity.identity-verification.v1': IdentityVerification
  'pa.gob.identity.minimum-age.v1': MinimumAge
  'pa.gob.municipal.municipal-clearance.v1': MunicipalClearance
  'pa.gob.residence.electoral-residence.v1': ElectoralResidence
  'pa.gob.social-security.minimum-contributions.v1': MinimumContributions
  'pa.gob.social-security.social-security-clearance.v1': SocialSecurityClearance
  'pa.gob.tax.tax-clearance.v1': TaxClearance
  'pa.gob.transport.driver-licence.v1': DriverLicence
  'pa.gob.transport.vehicle-registration.v1': VehicleRegistration
}

/** What a request for a predicate asks, by its type. */
export interface EvidenceParameters {
  'pa.gob.identity.minimum-age.v1': MinimumAgeParameters
  'pa.gob.social-security.minimum-contributions.v1': MinimumContributionsParameters
}

/** Data that follows each contract and is about nobody. */
export const samples: EventData & EvidenceData = {
  'pa.gob.business.company-dissolved.v1': companyDissolvedSample,
  'pa.gob.business.company-incorporated.v1': companyIncorporatedSample,
  'pa.gob.business.legal-existence.v1': legalExistenceSample,
  'pa.gob.business.officers-changed.v1': officersChangedSample,
  'pa.gob.business.operation-notice-cancelled.v1': operationNoticeCancelledSample,
  'pa.gob.business.operation-notice-issued.v1': operationNoticeIssuedSample,
  'pa.gob.business.operation-notice.v1': operationNoticeSample,
  'pa.gob.civil.birth-certificate.v1': birthCertificateSample,
  'pa.gob.civil.birth-registered.v1': birthRegisteredSample,
  'pa.gob.civil.civil-status-changed.v1': civilStatusChangedSample,
  'pa.gob.civil.civil-status.v1': civilStatusSample,
  'pa.gob.civil.death-certificate.v1': deathCertificateSample,
  'pa.gob.civil.death-registered.v1': deathRegisteredSample,
  'pa.gob.civil.marriage-dissolved.v1': marriageDissolvedSample,
  'pa.gob.civil.marriage-registered.v1': marriageRegisteredSample,
  'pa.gob.education.degree-awarded.v1': degreeAwardedSample,
  'pa.gob.education.degree.v1': degreeSample,
  'pa.gob.health.clinical-declaration-issued.v1': clinicalDeclarationIssuedSample,
  'pa.gob.identity.card-cancelled.v1': cardCancelledSample,
  'pa.gob.identity.card-issued.v1': cardIssuedSample,
  'pa.gob.identity.card-renewed.v1': cardRenewedSample,
  'pa.gob.identity.identifier-linked.v1': identifierLinkedSample,
  'pa.gob.identity.identity-verification.v1': identityVerificationSample,
  'pa.gob.identity.minimum-age.v1': minimumAgeSample,
  'pa.gob.migration.residence-granted.v1': residenceGrantedSample,
  'pa.gob.migration.residence-status-changed.v1': residenceStatusChangedSample,
  'pa.gob.municipal.municipal-clearance.v1': municipalClearanceSample,
  'pa.gob.residence.address-changed.v1': addressChangedSample,
  'pa.gob.residence.electoral-residence.v1': electoralResidenceSample,
  'pa.gob.social-security.employer-registered.v1': employerRegisteredSample,
  'pa.gob.social-security.employment-ended.v1': employmentEndedSample,
  'pa.gob.social-security.employment-started.v1': employmentStartedSample,
  'pa.gob.social-security.minimum-contributions.v1': minimumContributionsSample,
  'pa.gob.social-security.social-security-clearance.v1': socialSecurityClearanceSample,
  'pa.gob.tax.clearance-changed.v1': clearanceChangedSample,
  'pa.gob.tax.tax-clearance.v1': taxClearanceSample,
  'pa.gob.tax.taxpayer-registered.v1': taxpayerRegisteredSample,
  'pa.gob.tax.taxpayer-status-changed.v1': taxpayerStatusChangedSample,
  'pa.gob.transport.driver-licence-issued.v1': driverLicenceIssuedSample,
  'pa.gob.transport.driver-licence-suspended.v1': driverLicenceSuspendedSample,
  'pa.gob.transport.driver-licence.v1': driverLicenceSample,
  'pa.gob.transport.vehicle-registration.v1': vehicleRegistrationSample,
  'pa.gob.transport.vehicle-transferred.v1': vehicleTransferredSample,
  'unavez.bus.agreement-ending.v1': agreementEndingSample,
  'unavez.bus.contract-sunset.v1': contractSunsetSample,
  'unavez.bus.delivery-held.v1': deliveryHeldSample,
  'unavez.bus.endpoint-failing.v1': endpointFailingSample,
  'unavez.bus.evidence-requested.v1': evidenceRequestedSample,
  'unavez.bus.evidence-settled.v1': evidenceSettledSample,
  'unavez.bus.evidence-stale.v1': evidenceStaleSample,
  'unavez.bus.key-expiring.v1': keyExpiringSample,
  'unavez.bus.subscription-lagging.v1': subscriptionLaggingSample,
  'unavez.bus.subscription-stopped.v1': subscriptionStoppedSample,
}

export type {
  CompanyDissolved,
  CompanyIncorporated,
  LegalExistence,
  OfficersChanged,
  OperationNoticeCancelled,
  OperationNoticeIssued,
  OperationNotice,
  BirthCertificate,
  BirthRegistered,
  CivilStatusChanged,
  CivilStatus,
  DeathCertificate,
  DeathRegistered,
  MarriageDissolved,
  MarriageRegistered,
  DegreeAwarded,
  Degree,
  ClinicalDeclarationIssued,
  CardCancelled,
  CardIssued,
  CardRenewed,
  IdentifierLinked,
  IdentityVerification,
  MinimumAge,
  ResidenceGranted,
  ResidenceStatusChanged,
  MunicipalClearance,
  AddressChanged,
  ElectoralResidence,
  EmployerRegistered,
  EmploymentEnded,
  EmploymentStarted,
  MinimumContributions,
  SocialSecurityClearance,
  ClearanceChanged,
  TaxClearance,
  TaxpayerRegistered,
  TaxpayerStatusChanged,
  DriverLicenceIssued,
  DriverLicenceSuspended,
  DriverLicence,
  VehicleRegistration,
  VehicleTransferred,
  AgreementEnding,
  ContractSunset,
  DeliveryHeld,
  EndpointFailing,
  EvidenceRequested,
  EvidenceSettled,
  EvidenceStale,
  KeyExpiring,
  SubscriptionLagging,
  SubscriptionStopped,
}
