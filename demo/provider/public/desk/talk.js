// The desk opens this page with the session that the helper attends.
const sessionId = new URL(location.href).searchParams.get('session_id');
for (const element of document.querySelectorAll('.talk > *, .talk-side > *'))
  if (sessionId && element.localName.startsWith('marketplace-'))
    element.setAttribute('session-id', sessionId);
