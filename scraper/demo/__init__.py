"""A little qq.com on loopback, to see the program work without the internet.

stories drawings    what it has to tell, every word and picture invented
pages site          how qq.com prints it, and which address gives which answer
server              the site on a port of this machine, and a way there
"""
