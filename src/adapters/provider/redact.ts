/** Takes a key out of texts, and what endpoints show of one in their messages (sk-ab****yz). */
export function hiding(key: string | null): (text: string) => string {
  const whole = key?.trim() ?? ''
  const forms = whole.length < 4 ? [] : [whole, encodeURIComponent(whole), JSON.stringify(whole).slice(1, -1)]
  return (text) =>
    forms
      .reduce((rest, form) => rest.replaceAll(form, '[key]'), text)
      .replaceAll(/[\w.-]{0,64}\*{3,}[\w.-]{0,64}/g, '[key]')
}
