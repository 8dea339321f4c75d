from farsync_cli.main import main

main()
