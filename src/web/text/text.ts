import { type BrokenRule } from '../../passwords/rules/rules.js';
import { type Situation } from '../../reasons/reason.js';
import { type OwnFailure } from '../browser/state.js';
import { type Language } from '../../reasons/language.js';
import { type PasswordPage } from '../page.js';

/** What went wrong, in one line; why, in one or two sentences; and what to do, in the order in which to try it. */
export interface FailureText {
  readonly title: string;
  readonly text: string;
  readonly steps: readonly string[];
}

/** What the page says while a sign-in is under way, in the order of events. */
export interface ProgressText {
  readonly connecting: string;
  readonly permission: string;
  readonly preparing: string;
  readonly choosing: string;
  readonly checking: string;
  readonly checkingPassword: string;
  readonly opening: string;
  readonly stopped: string;
  readonly stoppedSigning: string;
}

/** Everything the pages say, in one language. A missing or misspelt key does not compile. */
export interface Text {
  readonly languageNames: Readonly<Record<Language, string>>;
  readonly languageSwitch: string;
  readonly skipToContent: string;
  readonly tagline: string;
  readonly promise: string;
  readonly signIn: {
    readonly title: string;
    readonly address: string;
    readonly lead: string;
    readonly button: string;
    readonly retry: string;
    readonly stop: string;
    readonly noScript: string;
    readonly passwordSummary: string;
    readonly iin: string;
    readonly iinHint: string;
    readonly iinWrong: string;
    readonly password: string;
    readonly passwordMissing: string;
    readonly showPassword: string;
    readonly passwordButton: string;
    readonly passwordNote: string;
    readonly newcomer: string;
    readonly ways: Readonly<Record<NonNullable<Situation['way']>, string>>;
    readonly stepsTitle: string;
    readonly steps: readonly [string, string, string];
    readonly nextSteps: string;
    readonly code: string;
    readonly request: string;
    readonly waitSeconds: string;
  };
  readonly progress: ProgressText;
  readonly failures: Readonly<Record<OwnFailure, FailureText>>;
  readonly register: {
    readonly title: string;
    readonly lead: string;
    readonly button: string;
    readonly kindTitle: string;
    readonly kinds: Readonly<
      Record<
        'organisation' | 'sole-proprietor' | 'individual',
        { readonly label: string; readonly hint: string }
      >
    >;
    readonly contactsSummary: string;
    readonly contactsNote: string;
    readonly email: string;
    readonly phone: string;
    readonly phoneHint: string;
    readonly stepsTitle: string;
    readonly steps: readonly string[];
    readonly requestedTitle: string;
    readonly requested: string;
    readonly invitationTitle: string;
    readonly invitationLead: string;
    readonly invitedBy: string;
    readonly invitationSteps: readonly string[];
    readonly passwordSummary: string;
    readonly newPassword: string;
    readonly passwordButton: string;
  };
  readonly terms: {
    readonly title: string;
    readonly note: string;
    /** Of terms in general, and for a person who accepted an earlier version. */
    readonly firstTitle: string;
    readonly changedTitle: string;
    readonly acceptLead: string;
    readonly acceptButton: string;
  };
  readonly account: {
    readonly title: string;
    readonly greeting: string;
    readonly name: string;
    readonly organisation: string;
    readonly noOrganisation: string;
    readonly bin: string;
    readonly roles: string;
    readonly noRoles: string;
    readonly method: string;
    readonly methods: { readonly eds: string; readonly password: string };
    readonly signedInAt: string;
    readonly expiresAt: string;
    readonly signOut: string;
    readonly signingOut: string;
    readonly signOutFailed: string;
    readonly advice: string;
    readonly setPassword: string;
    readonly changePassword: string;
    /** With {days:…}. */
    readonly certificateEnds: string;
    readonly contacts: {
      readonly title: string;
      readonly save: string;
      readonly saving: string;
      readonly saved: string;
      readonly failed: string;
    };
    /** With {organisation} and {date}. */
    readonly provisionalEnded: string;
    readonly provisionalContacts: string;
    readonly memberships: {
      readonly title: string;
      readonly statuses: Readonly<Record<string, string>>;
      readonly provisional: string;
      readonly confirm: string;
      readonly leave: string;
      readonly decline: string;
      /** With {organisation}. */
      readonly leaveSure: string;
      readonly failed: string;
    };
    readonly sessions: {
      readonly title: string;
      readonly current: string;
      readonly lastSeen: string;
      readonly unknownDevice: string;
      readonly end: string;
      readonly endOthers: string;
      readonly endAll: string;
      readonly failed: string;
    };
    /** The built-in role. */
    readonly manager: string;
  };
  readonly password: {
    readonly setTitle: string;
    readonly changeTitle: string;
    readonly leads: Readonly<Record<PasswordPage['mode'], string>>;
    readonly required: string;
    readonly noScript: string;
    readonly current: string;
    readonly currentMissing: string;
    readonly new: string;
    readonly newMissing: string;
    readonly rulesTitle: string;
    readonly rules: {
      readonly length: string;
      readonly classes: string;
      readonly allClasses: string;
      readonly context: string;
      readonly common: string;
      readonly reuse: string;
    };
    /** The same rules as errors by the field. */
    readonly broken: Readonly<Record<BrokenRule, string>>;
    readonly met: string;
    readonly unmet: string;
    readonly allMet: string;
    readonly left: string;
    readonly age: string;
    readonly save: string;
    readonly saving: string;
    readonly saved: string;
    readonly offline: string;
    readonly back: string;
  };
  readonly toSignIn: string;
}
