import { describe, expect, it } from '@jest/globals';
import { html } from '../../src/web/html.js';

/** The same function under a name that the formatter does not lay out anew. */
const markup = html;

describe('markup', () => {
  it('escapes every value for content and for quoted attributes', () => {
    const name = `<script>alert("x")</script> & 'y'`;
    expect(html`<p title="${name}">${name}</p>`.markup).toBe(
      '<p title="&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; &#39;y&#39;">' +
        '&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; &#39;y&#39;</p>',
    );
  });

  it('puts finished markup in as it is, alone and in lists, and nothing for null', () => {
    const items = ['a<b', 'c'].map((text) => html`<li>${text}</li>`);
    expect(markup`<ul>${items}${null}</ul>`.markup).toBe('<ul><li>a&lt;b</li><li>c</li></ul>');
    expect(markup`<p>${markup`<b>${7}</b>`}</p>`.markup).toBe('<p><b>7</b></p>');
  });

  it('leaves the source’s indentation behind and keeps what is in values', () => {
    expect(
      markup`<p>
      ${'a\n   b'}
    </p>`.markup,
    ).toBe('<p>\na\n   b\n</p>');
  });

  it('does not take text that looks like markup for markup', () => {
    const forged = JSON.parse('"<b>bold</b>"') as string;
    expect(html`${[forged]}`.markup).toBe('&lt;b&gt;bold&lt;/b&gt;');
  });
});
