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
    length: 'is {min} to {max} characters long',
    classes:
      'has at least {count} of these kinds: lower-case letters, upper-case letters, digits, other characters',
    allClasses: 'has lower-case letters, upper-case letters, digits and other characters',
    context: 'has no part of your name, IIN, date of birth, organisation, nor the word Qaqpa',
    common:
      'is not a well-known or leaked password, nor easily put together from such (checked in full when you save)',
    reuse: 'is none of your last {count} passwords (checked when you save)',
  },
  met: 'done',
  unmet: 'not yet',
  allMet: 'Everything that can be checked here is met.',
  left: 'Not yet:',
  age: 'It will be good for {days} days.',
  save: 'Save the password',
  saving: 'Saving…',
  saved: 'The password is set. Your other sessions have ended.',
  offline: 'The server cannot be reached. Nothing was changed; check the connection and try again.',
  back: 'To my page',
};
