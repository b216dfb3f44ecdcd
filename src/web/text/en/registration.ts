import { type Text } from '../text.js';

export const register: Text['register'] = {
  title: 'Registration',
  lead: 'Sign the terms with your EDS. Your name and IIN and the name and BIN of the organisation are taken from the certificate: there is nothing to type.',
  button: 'Sign and register',
  kindTitle: 'Who are you registering?',
  kinds: {
    organisation: {
      label: 'An organisation, or myself in one',
      hint: 'key of an employee or first head, with a BIN',
    },
    'sole-proprietor': { label: 'Myself as a sole proprietor', hint: 'key of an individual' },
    individual: {
      label: 'Myself as an advocate, notary, bailiff or the like',
      hint: 'key of an individual',
    },
  },
  contactsSummary: 'E-mail and phone (optional)',
  contactsNote: 'Stored encrypted and shown only to you.',
  email: 'E-mail',
  phone: 'Phone',
  phoneHint: 'For example, +7 701 123 45 67',
  stepsTitle: 'What happens next',
  steps: [
    'The first head registers the organisation with their key and becomes its administrator.',
    'The key of an employee of a registered organisation sends a request to its manager.',
    'We keep the signed terms together with the signature as evidence.',
  ],
  requestedTitle: 'The request was sent',
  requested: 'The manager of {organisation} will decide. Once they admit you, sign in with this same key.',
  invitationTitle: 'Invitation',
  invitationLead: 'Checking the invitation…',
  invitedBy: '{organisation} invites you. Sign the terms with your EDS to accept.',
  invitationSteps: [
    'The invitation works once and only for the person it is for: the IIN in the certificate is compared.',
    'Take the key of this organisation. A personal key will do where the organisation admits those.',
    'We keep the signed terms together with the signature as evidence.',
  ],
  passwordSummary: 'No key at hand? Set a password',
  newPassword: 'New password',
  passwordButton: 'Accept and set the password',
};

export const terms: Text['terms'] = {
  title: 'What you sign',
  note: 'Version {version}. These texts are, word for word, part of what NCALayer shows and signs.',
  firstTitle: 'Terms of use',
  changedTitle: 'The terms have changed',
  acceptLead: 'To go on, read the terms and sign them with your EDS.',
  acceptButton: 'Sign the terms',
};
