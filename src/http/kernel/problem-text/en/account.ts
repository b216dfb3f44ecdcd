import { type AccountSituation, type SituationTexts } from '../text.js';

export const account: SituationTexts<AccountSituation> = {
  'account-none': {
    title: 'There is no account for this person and organisation.',
    detail: 'Ask the manager of your organisation to admit you, or choose the key of another organisation.',
  },
  'account-blocked': {
    title: 'The account is blocked.',
    detail: 'Ask the manager of your organisation or its security team.',
  },
  'account-suspended': {
    title: 'Your organisation’s access is suspended.',
    detail: 'The manager of your organisation can find out why.',
  },
  'account-invited': {
    title: 'You are invited, and have not accepted yet.',
    detail: 'Open the invitation link your manager sent you; ask for a new one if it is lost.',
  },
  'account-requested': {
    title: 'Your request waits for the manager’s decision.',
    detail: 'Try again after the manager of your organisation has approved it.',
  },
  'account-certificate-pending': {
    title: 'This certificate is new here and waits for approval.',
    detail:
      'Ask the manager of your organisation to approve it, or sign in with the certificate you used before.',
  },
  'account-certificate-revoked': {
    title: 'Your organisation does not accept this certificate any more.',
    detail: 'Sign in with another certificate, or ask the manager of your organisation.',
  },
  'account-choice': {
    title: 'You belong to several organisations.',
    detail: 'Choose one of them and sign in again.',
  },
  'account-personal-key': {
    title: 'Your organisation does not accept personal keys.',
    detail: 'Sign in with the key issued to you as its employee (with the BIN of the organisation).',
  },
  'account-password-not-allowed': {
    title: 'Your organisation does not accept passwords.',
    detail: 'Sign in with your EDS.',
  },
  'password-wrong': {
    title: 'IIN or password is wrong.',
    detail: 'Check both. After several wrong attempts only the EDS works.',
  },
  'password-blocked': {
    title: 'Sign-in with a password is blocked after wrong attempts.',
    detail:
      'Sign in with your EDS: that lifts the block. If many people are being attacked with this very password, choose another.',
  },
  'password-lapsed': {
    title: 'The temporary password is no longer good.',
    detail:
      'It was set for you and not used in time. Sign in with your EDS, or ask the administrator for another one.',
  },
  'password-current-wrong': {
    title: 'The current password is wrong.',
    detail:
      'Try again. After five wrong attempts in a row passwords are blocked until you sign in with your EDS.',
  },
  'password-rules-broken': {
    title: 'The new password does not meet the rules.',
    detail: '`broken` names the rules; GET /v1/password-rules has them. Choose another password.',
  },
  'registration-closed': {
    title: 'Registration is closed.',
    detail:
      'Nobody registers here by themselves in this way. Ask the manager of your organisation for an invitation.',
  },
  'registration-limit': {
    title: 'You have registered as often as one person may in a day.',
    detail: 'Try again tomorrow, or ask for an invitation.',
  },
  'registration-head-required': {
    title: 'This organisation is not registered yet.',
    detail: 'Its first head registers it with their own key. After that you can ask to be admitted.',
  },
  'registration-kind-required': {
    title: 'This is the key of an individual.',
    detail:
      'If you register a practice of your own, say so and sign again. For an organisation choose its key.',
  },
  'registration-kind-mismatch': {
    title: 'This is the key of an organisation.',
    detail: 'For a practice of your own choose the key of an individual, or register as an organisation.',
  },
  'registration-already-member': {
    title: 'You are registered already.',
    detail: 'Simply sign in with this key.',
  },
  'registration-other-organisation': {
    title: 'This is the key of another organisation.',
    detail: 'Choose the key of the organisation that invites you and sign again. The invitation stays open.',
  },
  'registration-name-unusable': {
    title: 'The certificate does not name the organisation.',
    detail: 'Obtain a certificate that does, and try again.',
  },
  'invitation-unknown': {
    title: 'There is no such invitation.',
    detail: 'Check that the whole link was copied, or ask for a new invitation.',
  },
  'invitation-used': {
    title: 'The invitation has been used.',
    detail: 'If it was you, simply sign in. If it was not, tell the manager.',
  },
  'invitation-revoked': {
    title: 'The invitation was withdrawn.',
    detail: 'Ask the manager of the organisation for a new one.',
  },
  'invitation-expired': {
    title: 'The invitation has expired.',
    detail: 'Ask the manager of the organisation for a new one.',
  },
  'invitation-other-person': {
    title: 'The invitation is for somebody else.',
    detail: 'Check that you chose your own key, or typed your IIN right.',
  },
  'invitation-needs-eds': {
    title: 'This invitation needs an EDS.',
    detail: 'Accept the invitation by signing with your key.',
  },
  'terms-other-person': {
    title: 'Somebody else’s key signed this.',
    detail: 'Accept the terms with a key of your own.',
  },
  'terms-outdated': {
    title: 'A new version of the terms came into force meanwhile.',
    detail: 'Read the new version and sign that.',
  },
  'contact-malformed': {
    title: 'The e-mail address or telephone number is not right.',
    detail: 'An address looks like name@example.kz, a number like +77011234567.',
  },
};
