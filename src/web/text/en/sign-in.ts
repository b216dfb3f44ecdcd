import { type Text } from '../text.js';

export const signIn: Text['signIn'] = {
  title: 'Sign in',
  address: 'Address of this site',
  lead: 'Sign in with your EDS (ЭЦП): a company key or a personal key issued by НУЦ РК, the national CA.',
  button: 'Sign in with EDS',
  retry: 'Try again',
  stop: 'Cancel',
  noScript:
    'Signing in needs JavaScript: without it this page cannot reach NCALayer. Turn it on in your browser and reload the page.',
  passwordSummary: 'Sign in with IIN and password',
  iin: 'IIN',
  iinHint: '12 digits, no spaces',
  iinWrong: 'An IIN has 12 digits.',
  password: 'Password',
  passwordMissing: 'Enter your password.',
  showPassword: 'Show password',
  passwordButton: 'Sign in with password',
  passwordNote:
    'Forgot it? Sign in with your EDS: it is safer, and a blocked password does not stand in its way.',
  newcomer: 'New here? Register with your EDS',
  ways: { 'sign-in': 'Sign in', register: 'Register with this EDS', reload: 'Reload the page' },
  stepsTitle: 'What happens',
  steps: [
    'Start NCALayer on this computer.',
    'Press “Sign in with EDS” and choose your key in the NCALayer window. The text you sign names this site’s address: check it.',
    'We verify the signature and the certificate with НУЦ РК and open your account.',
  ],
  nextSteps: 'What to do',
  code: 'Code',
  request: 'Request',
  waitSeconds: 'You can try again in {seconds} s.',
};

export const progress: Text['progress'] = {
  connecting: 'Connecting to NCALayer…',
  permission: 'If the browser asks about access to apps on this device, choose “Allow”.',
  preparing: 'Preparing the text to sign…',
  choosing: 'Choose your key in the NCALayer window and enter its password.',
  checking: 'Verifying the signature and the certificate…',
  checkingPassword: 'Checking the password…',
  opening: 'Done. Opening your page…',
  stopped: 'Sign-in cancelled.',
  stoppedSigning: 'Signing cancelled.',
};
