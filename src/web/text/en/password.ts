import { type Text } from '../text.js';

export const password: Text['password'] = {
  setTitle: 'Set a password',
  changeTitle: 'Change the password',
  leads: {
    first: 'With IIN and password you can sign in on a day without your key. The EDS stays the safer way.',
    anew: 'You signed in with your EDS, so the old password is not asked for.',
    change: 'Your other sessions will end; this one stays open.',
    'sign-again':
      'A first password is set soon after an EDS sign-in. Sign out, sign in with your EDS and open this page again.',
  },
  required: 'Your password has to be changed. Choose a new one to continue.',
  noScript: 'This page needs JavaScript. Turn it on in your browser and reload the page.',
  current: 'Current password',
  currentMissing: 'Enter your current password.',
  new: 'New password',
  newMissing: 'Enter a new password.',
  rulesTitle: 'The new password:',
  rules: {
    length: 'is {min} to {max:character|characters} long',
    classes:
      'has at least {count} of these kinds: lower-case letters, upper-case letters, digits, other characters',
    allClasses: 'has lower-case letters, upper-case letters, digits and other characters',
    context: 'has no part of your name, IIN, date of birth, organisation, nor the word Qaqpa',
    common:
      'is not in the list of common or leaked passwords and does not follow the keyboard (checked in full when you save)',
    reuse: 'is none of your last {count:password|passwords} (checked when you save)',
  },
  broken: {
    'too-short': 'The password is shorter than {min:character|characters}.',
    'too-long': 'The password is longer than {max:character|characters}.',
    'character-classes':
      'The password has fewer than {count:kind|kinds} of these: lower-case letters, upper-case letters, digits, other characters.',
    context:
      'The password contains your name, IIN, date of birth, the name of the organisation or the word Qaqpa.',
    common: 'The password is a common one, is made of such, or follows the keyboard.',
    breached: 'This password is in the list of leaked ones.',
    reused: 'You have used this password recently.',
  },
  met: 'done',
  unmet: 'not yet',
  allMet: 'Everything that can be checked here is met.',
  left: 'Not yet:',
  age: 'The password is valid for {days:day|days}.',
  save: 'Save the password',
  saving: 'Saving…',
  saved: 'The password is set. Your other sessions have ended.',
  offline: 'The server cannot be reached. Nothing was changed; check the connection and try again.',
  back: 'To my page',
};
