import { type PasswordContext } from '../passwords/rules/context.js';
import { type PasswordRules } from '../passwords/rules/rules.js';
import { type Reasons } from '../reasons/catalogue.js';
import { type Language } from '../reasons/language.js';
import { type ReasonText } from '../reasons/reason.js';

/** What every page needs to know about the request it answers. */
export interface PageContext {
  readonly language: Language;
  /** Path and query of this page (`/?next=…`); the language switch links back to it with `lang` replaced. */
  readonly address: string;
  /** The gateway's own origin (`https://gate.example.kz`), shown so that a person can see where they are. */
  readonly origin: string;
}

/** A page on which something is signed with NCALayer. */
export interface SigningPage extends PageContext {
  /** Where NCALayer listens: `wss://127.0.0.1:13579`, another port or `ws:` in the laboratory. */
  readonly ncalayerUrl: string;
  /**
   * Base64 CA certificates that NCALayer may accept as issuers; null leaves it NCALayer's own trust, and an empty list
   * makes it accept any issuer, which the test PKI needs. It only narrows what the person may pick: the gateway decides.
   */
  readonly ncalayerChain: readonly string[] | null;
  /** Local path and query to go to afterwards; already checked by the caller to be on this origin. Usually `/me`. */
  readonly next: string;
  /** What the gateway may refuse a signature for. */
  readonly reasons: Reasons;
}

export interface SignInPage extends SigningPage {
  /** Whether people may register by themselves. */
  readonly registration: boolean;
}

/** The terms as a page shows them. */
export interface ShownTerms {
  readonly version: string;
  readonly documents: readonly { readonly title: string; readonly paragraphs: readonly string[] }[];
}

/** A page on which terms are signed. */
interface PageWithTerms extends SigningPage {
  readonly terms: ShownTerms;
}

export interface TermsPage extends PageWithTerms {
  /** Whether the person has accepted an earlier version and not this one. */
  readonly changed: boolean;
}

export interface RegisterPage extends PageWithTerms {
  /** What a first password is held to. */
  readonly rules: PasswordRules;
  /** Whether an invitation is taken, whose token only the browser knows. */
  readonly invited: boolean;
  /** Kinds of practice somebody may register with a personal key. */
  readonly practices: readonly ('sole-proprietor' | 'individual')[];
}

/** A session as its owner sees it. */
export interface ShownSession {
  readonly id: string;
  readonly current: boolean;
  readonly organisation: string | null;
  readonly method: 'eds' | 'password';
  /** The browser's own description. */
  readonly device: string | null;
  readonly address: string | null;
  readonly createdAt: Date;
  readonly lastSeenAt: Date;
}

/** A membership as its person sees it. */
export interface ShownMembership {
  readonly id: string;
  readonly current: boolean;
  readonly organisation: { readonly name: string };
  readonly status: string;
  /** The invitation was taken without an EDS. */
  readonly provisional: boolean;
}

export interface AccountPage extends PageContext {
  readonly name: string;
  /** Null for a person without an organisation in this session. */
  readonly organisation: string | null;
  readonly bin: string | null;
  /** The roles of the session: their names, and the titles the organisation gave them. */
  readonly roles: readonly { readonly name: string; readonly title: string }[];
  readonly method: 'eds' | 'password';
  readonly signedInAt: Date;
  readonly expiresAt: Date;
  /** Days until the certificate signed in with ends, where that is soon; otherwise null. */
  readonly certificateDaysLeft: number | null;
  /** The person's own word about how to reach them; null where this session may not know it. */
  readonly contacts: { readonly email: string | null; readonly phone: string | null } | null;
  /** Where the person belongs, is invited or asked to belong. */
  readonly memberships: readonly ShownMembership[];
  /** What had been set up in the person's name without an EDS, and ended with this sign-in. */
  readonly provisionalEnded: readonly {
    readonly organisation: { readonly name: string };
    readonly setAt: Date;
    readonly contacts: boolean;
  }[];
  /** Live sessions, newest first. */
  readonly sessions: readonly ShownSession[];
}

export interface PasswordPage extends PageContext {
  /**
   * `first`: there is none yet, and the EDS sign-in was just now. `anew`: there is one, and the EDS speaks for the person. `change`: the
   * current one is asked for. `sign-again`: there is none, and the EDS sign-in is too long ago to set one.
   */
  readonly mode: 'first' | 'anew' | 'change' | 'sign-again';
  /** Whether the session is good for nothing but this until it is done. */
  readonly required: boolean;
  readonly rules: PasswordRules;
  /** Whose password it is to be: the person's own data, for the rules to be explained while they type. */
  readonly context: PasswordContext;
  /** Local path and query to go to afterwards. */
  readonly next: string;
}

export interface ProblemPage extends PageContext {
  /** What went wrong, for people who navigated there. */
  readonly text: ReasonText;
  readonly requestId: string | null;
}
