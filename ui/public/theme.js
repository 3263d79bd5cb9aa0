// Before the first paint, or a page whose reader chose another theme than the system's would flash. ui/store/shell.ts has the rest.
try {
  const theme = localStorage.getItem('tabcast.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // A setting of the browser refuses the storage: then it is the system's.
}
